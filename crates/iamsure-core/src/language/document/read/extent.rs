//! A document as one text: its characters, its length and its placeholders (G-16, 2.3).

use std::collections::BTreeSet;

use super::Reader;
use crate::language::diagnostic::{Code, Grade};
use crate::language::source::{Source, Span};
use crate::language::symbol;

impl Reader {
    /// G-16, once a document.
    pub(super) fn characters(&mut self, source: &Source) {
        if !self.kind.is_stored_by_iam() {
            return;
        }
        let refused = |c: char| !matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{ff}');
        let mut places = source.text().char_indices().filter(|(_, c)| refused(*c));
        if let Some((at, c)) = places.next() {
            let more = match places.count() {
                0 => String::new(),
                more => format!(" ({more} more such characters follow)"),
            };
            let message = format!(
                "IAM does not accept the character U+{:04X} in a policy{more}",
                u32::from(c)
            );
            self.report(self.finding(
                Code::BadCharacter,
                Span::new(at, at + c.len_utf8()),
                message,
            ));
        }
    }

    /// 2.3. What is longer than AWS stores anywhere is refused; what only some places store is suspicious.
    pub(super) fn size(&mut self, source: &Source) {
        let limit = self.kind.size_limit();
        let whole = source.text().chars().count();
        let blank = source.text().chars().filter(|c| c.is_whitespace()).count();
        let length = if limit.white_space_counts { whole } else { whole - blank };
        if length <= limit.characters {
            return;
        }
        let uncounted = if limit.white_space_counts { "" } else { ", not counting white space" };
        let message = format!(
            "the document has {length} characters{uncounted}; AWS's limit is {} for {}",
            limit.characters, limit.what
        );
        let mut finding = self.finding(Code::SizeLimit, Span::new(0, 0), message);
        // Consoles drop white space before they save.
        if length > limit.most && (!limit.white_space_counts || whole - blank > limit.most) {
            finding.severity = Grade::Refused.severity(self.profile);
        } else if limit.white_space_counts && whole - blank <= limit.characters {
            finding = finding
                .help("the console removes white space before saving; the API and CLI do not");
        }
        self.report(finding);
    }

    /// `<YOUR_ACCOUNT_ID>` and the like, once each.
    pub(super) fn placeholders(&mut self, source: &Source) {
        let mut seen = BTreeSet::new();
        for span in symbol::placeholders(source.text()) {
            let symbol = source.slice(span);
            if seen.insert(symbol.to_owned()) {
                let message = format!("`{symbol}` is a placeholder: it is treated as a literal");
                self.report(
                    self.finding(Code::Placeholder, span, message)
                        .help("replace it before the policy is deployed"),
                );
            }
        }
    }
}
