//! A picture of what a terminal shows, as SVG.

use anstyle::{Color, RgbColor};
use anstyle_svg::{Palette, Term, VGA};

use crate::streams::{Finished, Printed as _};

/// What is drawn on: legible on a light page and on a dark one.
const PAPER: Color = Color::Rgb(RgbColor(0xfb, 0xfb, 0xfa));
const INK: Color = Color::Rgb(RgbColor(0x24, 0x29, 0x2f));

/// The text as a picture, with its colours.
pub(crate) fn svg(text: &Finished) -> Finished {
    let term = Term::new().palette(palette()).fg_color(INK).bg_color(PAPER).min_width_px(0);
    // What is of others was written by a sink, and is escaped here as XML is, but for what XML cannot hold at all.
    let shown = text.shown().replace('\u{fffe}', "\\u{fffe}").replace('\u{ffff}', "\\u{ffff}");
    Finished::ours(term.render_svg(&shown))
}

/// The colours of a terminal, those of verdicts dark enough for the paper.
fn palette() -> Palette {
    let Palette([black, _, _, _, blue, magenta, _, white, bright @ ..]) = VGA;
    let [grey, one, two, three, four, five, six, last] = bright;
    let [red, green] = [RgbColor(0xb3, 0x1d, 0x28), RgbColor(0x11, 0x63, 0x29)];
    let [yellow, cyan] = [RgbColor(0x8a, 0x56, 0x00), RgbColor(0x4a, 0x5a, 0x6a)];
    Palette([
        black, red, green, yellow, blue, magenta, cyan, white, grey, one, two, three, four, five,
        six, last,
    ])
}
