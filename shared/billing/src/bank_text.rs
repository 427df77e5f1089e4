//! Finding document numbers and creditor references in what payers write.
//!
//! Payers put a number among words, leave hyphens out, break it over lines, write it in small
//! letters. So a text is cut into words of letters and digits, and neighbouring words are put
//! together again and looked up: the work depends on the text alone, not on how many numbers are
//! known. Words keep whole: `INV-2026-0007` is not found in `INV-2026-00071`.

use crate::numbering::{DocumentNumber, MAX_NUMBER_CHARS};

/// Neighbouring words that may make up one number or reference: as many as the longest number has
/// where every other character of it is a separator.
pub const MAX_WORDS: usize = MAX_NUMBER_CHARS / 2;
/// Characters of one text that are read; remittance texts are far shorter.
pub const MAX_TEXT_CHARS: usize = 2_000;

/// The letters and digits of a number in capitals: how it is looked up.
pub fn normalised_number(number: &DocumentNumber) -> String {
    let characters = number.as_str().chars();
    characters
        .filter(char::is_ascii_alphanumeric)
        .map(|character| character.to_ascii_uppercase())
        .collect()
}

/// The words of a text in capitals. A letter that is not ASCII belongs to its word, so that no
/// number begins in the middle of one.
pub(crate) fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    for character in text.chars().take(MAX_TEXT_CHARS) {
        if character.is_alphanumeric() {
            word.push(character.to_ascii_uppercase());
        } else if !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// Neighbouring words put together.
#[derive(Clone, Copy)]
pub(crate) struct Run<'a> {
    /// The place of the first word.
    pub first: usize,
    /// The place after the last word.
    pub after: usize,
    /// The words without what stood between them.
    pub text: &'a str,
}

/// Shows each run of neighbouring words, ASCII only, at most `max_chars` long and [`MAX_WORDS`]
/// many; the longest of each first word comes first.
pub(crate) fn each_run(words: &[String], max_chars: usize, mut show: impl FnMut(Run<'_>)) {
    let mut text = String::with_capacity(max_chars);
    let mut ends = Vec::with_capacity(MAX_WORDS);
    for first in 0..words.len() {
        text.clear();
        ends.clear();
        for (place, word) in words.iter().enumerate().skip(first).take(MAX_WORDS) {
            if !word.is_ascii() || text.len() + word.len() > max_chars {
                break;
            }
            text.push_str(word);
            ends.push((place + 1, text.len()));
        }
        for (after, end) in ends.iter().rev() {
            let text = text.get(..*end).unwrap_or_default();
            let after = *after;
            show(Run { first, after, text });
        }
    }
}

/// The numbers that a text names, by looking up its runs of words: `known` says what a normalised
/// number stands for. The longest run wins where several begin at one word, and its words are
/// not read again.
pub fn find_numbers<T>(text: &str, mut known: impl FnMut(&str) -> Option<T>) -> Vec<T> {
    let mut found = Vec::new();
    let mut read_up_to = 0;
    each_run(&words(text), MAX_NUMBER_CHARS, |run| {
        if run.first >= read_up_to
            && let Some(it) = known(run.text)
        {
            found.push(it);
            read_up_to = run.after;
        }
    });
    found
}

/// Whether a text names this number.
pub fn names_number(text: &str, number: &DocumentNumber) -> bool {
    let wanted = normalised_number(number);
    !wanted.is_empty() && !find_numbers(text, |run| (run == wanted).then_some(())).is_empty()
}
