//! Words for classes of small policies.

use iamsure_core::language::{ConditionKey, PolicyDocument, PolicyType, Profile, Source};
use iamsure_core::world::PolicySet;
use iamsure_core::world::policy_set::StatementId;

use super::*;
use crate::model::{Outcome, Question, Subject};
use crate::said::Comparison;
use crate::setting::Setting;
use crate::table::{Column, Form as TableForm, TableQuery};

#[test]
fn the_shortest_choice_of_literals_is_said() {
    let literal = |class: usize, said: Said, has_opposite: bool| Literal {
        holds: std::iter::once(class).collect(),
        said,
        has_opposite,
        cost: 1,
    };
    let literals = [
        literal(0, Said::compared(Comparison::IgnoreCase, ["a"]), false),
        literal(1, Said::is("b"), true),
        literal(2, Said::compared(Comparison::Like, ["c*"]), false),
    ];
    for (target, words) in [
        (vec![0, 1], "`b` or any case of `a`"),
        (vec![1, 2], "`b` or like `c*`"),
        (vec![0, 2, 3], "not `b`"),
    ] {
        let target = target.into_iter().collect();
        let said = express(&target, &Bits::below(4), &literals).unwrap();
        assert_eq!(Said::one_of(said).to_string(), words);
    }
}

#[test]
fn no_value_of_a_policy_is_taken_for_a_stand_in() {
    let key = "aws:PrincipalTag/team";
    for value in ["x", "another-value", "example", "0", "absent", "some-other-value"] {
        let text = format!(
            r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Deny", "Action": "*",
                "Resource": "*", "Condition": {{"StringEquals": {{"{key}": "{value}"}}}}}}}}"#
        );
        let source = Source::new("policy", text);
        let document = PolicyDocument::read(&source, PolicyType::Identity, Profile::Lenient);
        let statement =
            StatementId { layer: PolicyType::Identity, level: 0, policy: 0, statement: 0 };
        let query = TableQuery {
            policies: PolicySet { identity: vec![document.unwrap()], ..PolicySet::default() },
            question: Question::Applies(statement),
            setting: Setting::default(),
            form: TableForm { hit: None, apart: Some(false), keys: None },
            is_whole: false,
        };
        let rows = query.answer().unwrap().table.rows;
        let column = Column::Subject(Subject::Key(ConditionKey::from(key)));
        let said = |outcome: Outcome| -> Vec<Said> {
            let of_outcome = |row: &&crate::table::Row| row.outcomes.one() == Some(outcome);
            rows.iter().filter(of_outcome).map(|row| row.cells[&column].clone()).collect()
        };
        assert_eq!(said(Outcome::Applies), [Said::is(value)]);
        let others = Said::one_of([Said::Absent, Said::negated(Said::is(value))]);
        assert_eq!(said(Outcome::DoesNotApply), [others]);
    }
}
