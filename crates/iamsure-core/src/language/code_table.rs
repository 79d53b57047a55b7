//! Tables of codes: a code is a variant, and its row says everything about it once.

/// One row of a table of codes, made by [`code_table!`](crate::code_table).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeRow<More> {
    /// The public name: stable, kebab-case, one meaning each.
    pub name: &'static str,
    /// What the code means, in one sentence.
    pub summary: &'static str,
    /// What this table says besides.
    pub more: More,
}

/// Makes an enumeration of codes from a table: `Variant "name" "summary" more;`, where `more` is a constant of the type
/// that follows the name of the enumeration. It has `ALL`, `row`, `name`, `summary`, and is displayed by name.
#[macro_export]
macro_rules! code_table {
    (
        $(#[$about:meta])*
        pub enum $Code:ident: $More:ty;
        $($variant:ident $name:literal $summary:literal $more:expr;)*
    ) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum $Code {
            $(#[doc = $summary] $variant,)*
        }

        impl $Code {
            /// Every code there is, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Its row of the table.
            pub const fn row(self) -> &'static $crate::language::CodeRow<$More> {
                match self {
                    $(Self::$variant => &$crate::language::CodeRow {
                        name: $name,
                        summary: $summary,
                        more: $more,
                    },)*
                }
            }

            /// The public name: stable, kebab-case, one meaning each.
            pub const fn name(self) -> &'static str {
                self.row().name
            }

            /// What the code means, in one sentence.
            pub const fn summary(self) -> &'static str {
                self.row().summary
            }
        }

        impl ::std::fmt::Display for $Code {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}
