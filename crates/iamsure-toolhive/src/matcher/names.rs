//! What an expression uses: names, loops, lists and joins, by which its cost is bounded.

use cel::common::ast::{EntryExpr, Expr, IdedEntryExpr, IdedExpr};

/// The names of CEL's types, which expressions may compare with.
const TYPES: [&str; 11] = [
    "bool",
    "bytes",
    "double",
    "int",
    "list",
    "map",
    "null_type",
    "string",
    "type",
    "uint",
    "google",
];

/// The names that an expression uses, and how its loops nest.
#[derive(Default)]
pub(super) struct Names {
    /// Variables other than `claims`, the names of types and those of loops.
    pub(super) variables: Vec<String>,
    pub(super) functions: Vec<String>,
    /// How deep loops nest.
    pub(super) loops: usize,
    /// The longest list that is written out.
    pub(super) widest_list: usize,
    /// How many values are joined with `+`, but for what loops do themselves.
    pub(super) joins: usize,
}

impl Names {
    pub(super) fn visit<'e>(
        &mut self,
        expression: &'e IdedExpr,
        scope: &mut Vec<&'e str>,
        loops: usize,
    ) {
        self.loops = self.loops.max(loops);
        match &expression.expr {
            Expr::Unspecified | Expr::Literal(_) => {}
            Expr::Ident(name) => {
                let known = name == "claims"
                    || name.starts_with('@')
                    || scope.contains(&name.as_str())
                    || TYPES.contains(&name.as_str());
                if !known {
                    self.variables.push(name.clone());
                }
            }
            Expr::Call(call) => {
                // Operators have names that no function can have, such as `_&&_` and `@in`.
                if call.func_name.starts_with(|c: char| c.is_ascii_alphabetic()) {
                    self.functions.push(call.func_name.clone());
                }
                let is_of_a_loop = call
                    .args
                    .iter()
                    .any(|part| matches!(&part.expr, Expr::Ident(name) if name.starts_with('@')));
                self.joins += usize::from(call.func_name == "_+_" && !is_of_a_loop);
                for part in call.target.iter().map(AsRef::as_ref).chain(&call.args) {
                    self.visit(part, scope, loops);
                }
            }
            Expr::List(list) => {
                self.widest_list = self.widest_list.max(list.elements.len());
                for element in &list.elements {
                    self.visit(element, scope, loops);
                }
            }
            Expr::Select(select) => self.visit(&select.operand, scope, loops),
            Expr::Map(map) => self.entries(&map.entries, scope, loops),
            Expr::Struct(structure) => self.entries(&structure.entries, scope, loops),
            Expr::Comprehension(comprehension) => {
                self.visit(&comprehension.iter_range, scope, loops);
                self.visit(&comprehension.accu_init, scope, loops);
                let outside = scope.len();
                scope.push(&comprehension.iter_var);
                scope.extend(comprehension.iter_var2.as_deref());
                scope.push(&comprehension.accu_var);
                for part in
                    [&comprehension.loop_cond, &comprehension.loop_step, &comprehension.result]
                {
                    self.visit(part, scope, loops + 1);
                }
                scope.truncate(outside);
            }
        }
    }

    fn entries<'e>(
        &mut self,
        entries: &'e [IdedEntryExpr],
        scope: &mut Vec<&'e str>,
        loops: usize,
    ) {
        self.widest_list = self.widest_list.max(entries.len());
        for entry in entries {
            match &entry.expr {
                EntryExpr::StructField(field) => self.visit(&field.value, scope, loops),
                EntryExpr::MapEntry(entry) => {
                    self.visit(&entry.key, scope, loops);
                    self.visit(&entry.value, scope, loops);
                }
            }
        }
    }
}
