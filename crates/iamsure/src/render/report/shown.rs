//! Text of others on the page.

use iamsure_review::foreign::Sink;
use iamsure_truth::phrase::{Phrase, Piece};
use maud::{Markup, Render, html};

/// A text that may be of others: it is on the page as it is, and nothing of it is markup.
pub(super) struct Shown<'a>(pub(super) &'a str);

impl Render for Shown<'_> {
    fn render_to(&self, buffer: &mut String) {
        buffer.push_str(&Sink::Html.text(self.0));
    }
}

/// A phrase, its values as code.
pub(super) fn phrase(phrase: &Phrase) -> Markup {
    html! {
        @for piece in &phrase.0 {
            @match piece {
                Piece::Word(text) => (Shown(text)),
                Piece::Code(text) => code { (Shown(text)) },
            }
        }
    }
}

/// A sentence, what is between backticks as code.
pub(super) fn coded(text: &str) -> Markup {
    let is_whole = text.matches('`').count().is_multiple_of(2);
    html! {
        @for (number, part) in text.split('`').enumerate() {
            @if !is_whole && number > 0 { "`" }
            @if is_whole && number % 2 == 1 { code { (Shown(part)) } } @else { (Shown(part)) }
        }
    }
}
