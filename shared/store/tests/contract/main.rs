//! One contract, held against every table: the model in memory, the real SDK on the embedded
//! engine, and, where `REMIT_TABLE_ENDPOINT` names one, any other engine over HTTP.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod capacity;
mod differential;
mod engine;
mod queries;
mod stream;
mod typed;
mod writes;

/// Each check becomes one test for each engine.
macro_rules! contract {
    ($($module:ident: $($check:ident)+;)+) => {
        mod memory {
            $($(#[tokio::test]
            async fn $check() {
                let engine = crate::engine::Engine::memory(stringify!($check));
                crate::$module::$check(&engine).await;
            })+)+
        }

        mod embedded {
            $($(#[tokio::test]
            async fn $check() {
                let engine = crate::engine::Engine::embedded(stringify!($check)).await;
                crate::$module::$check(&engine).await;
            })+)+
        }

        mod endpoint {
            $($(#[tokio::test]
            async fn $check() {
                match crate::engine::Engine::endpoint(stringify!($check)).await {
                    Some(engine) => crate::$module::$check(&engine).await,
                    None => eprintln!("skipped: REMIT_TABLE_ENDPOINT is not set"),
                }
            })+)+
        }
    };
}

contract! {
    writes:
        an_item_reads_back_as_it_was_written
        a_number_keeps_its_38_digits
        a_second_creation_conflicts
        a_stale_replacement_conflicts
        a_stale_removal_conflicts
        one_failed_condition_undoes_the_whole_transaction
        a_transaction_checks_what_it_does_not_write
        a_repeated_token_takes_effect_once
        what_breaks_a_limit_is_refused
        an_item_of_400_kb_is_the_largest
        many_keys_are_answered_in_their_order
        of_racing_creations_one_wins
        racing_transactions_lose_no_increment;
    queries:
        every_range_reads_what_it_says
        pages_go_through_each_item_once
        a_full_last_page_has_an_empty_one_behind_it
        a_page_goes_on_behind_an_item_that_is_gone
        an_index_holds_only_keys_of_items_that_are_in_it
        equal_places_in_an_index_are_all_paged_through
        sort_keys_follow_the_bytes_of_utf_8
        a_page_ends_at_one_megabyte
        a_query_that_cannot_be_is_refused;
    typed:
        a_record_lives_from_creation_to_removal
        a_conflict_names_its_items
        a_commit_that_breaks_a_limit_is_not_sent
        something_else_under_the_key_is_corrupt
        a_list_goes_on_by_cursor
        a_candidate_that_moved_out_of_the_range_is_left_out
        what_belongs_to_a_candidate_comes_with_it
        a_request_with_a_key_takes_effect_once
        a_record_expires_by_its_attribute;
}
