//! What changed since it was accepted.

use std::fmt::Write as _;

use crate::render::words::on_one_line;
use crate::suite_run::Compared;

/// Every changed cell with its number, what was accepted and by whom, and what is decided now.
pub(crate) fn snapshot(all: &[Compared], accepted: usize) -> String {
    let mut out = String::new();
    let mut number = 0;
    if accepted > 0 {
        let _ = writeln!(out, "{accepted} accepted");
    }
    for one in all {
        let cells: usize = one.now.iter().map(|set| set.cells.len()).sum();
        let _ = match one.changes.len() {
            0 => writeln!(out, "{}   {cells} cells as accepted", on_one_line(&one.suite)),
            changed if one.snapshot.sets.is_empty() => {
                writeln!(out, "{}   {changed} cells, none accepted yet", on_one_line(&one.suite))
            }
            changed => {
                writeln!(out, "{}   {changed} changed, of {cells} cells", on_one_line(&one.suite))
            }
        };
        let mut set = "";
        for change in &one.changes {
            number += 1;
            if change.policies != set {
                set = &change.policies;
                let _ = writeln!(out, "  {}", on_one_line(set));
            }
            let _ = writeln!(
                out,
                "  {number:>3}  {}   {}",
                on_one_line(&change.request),
                on_one_line(&change.path)
            );
            if !change.before.is_empty() {
                let by = one.snapshot.accepted_by(change).map_or_else(String::new, |who| {
                    on_one_line(&format!("   ({}, {}: {})", who.by, who.date, who.why))
                });
                lines("accepted", &change.before, &by, &mut out);
            }
            if change.after.is_empty() {
                let _ = writeln!(out, "       now       is no longer covered");
            } else {
                lines("now", &change.after, "", &mut out);
            }
        }
    }
    if number > 0 {
        out.push_str(
            "\naccept with --accept NUMBER (or `all`) --by NAME --why REASON; this updates the snapshot next to the suite\n",
        );
    }
    out
}

fn lines(word: &str, decides: &[String], by: &str, out: &mut String) {
    for (index, line) in decides.iter().enumerate() {
        let (word, by) = if index == 0 { (word, by) } else { ("", "") };
        let _ = writeln!(out, "       {word:<9} {}{by}", on_one_line(line));
    }
}
