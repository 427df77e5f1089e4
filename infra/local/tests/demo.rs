//! `cargo run -- demo` holds, step for step.

#[tokio::test]
async fn the_story_holds() {
    let told = remit_local::demo::run(None).await;
    assert!(told.is_ok(), "{told:?}");
}
