//! The principals that a template makes: their names and ARNs, before they have any.

use std::collections::BTreeMap;

use iamsure_core::language::symbol::as_name;

use super::Described;
use super::kinds::PRINCIPALS;
use crate::deployer::Deployer;
use crate::node::Look;

/// A principal as it will be called.
#[derive(Clone)]
pub(super) struct Named {
    pub(super) arn: String,
    pub(super) name: String,
    /// Whether nothing tells the name: it is made of the logical ID, or of a name that has symbols.
    pub(super) is_name_assumed: bool,
}

impl Described<'_> {
    /// The principal as it will be called; `None` of anything else, and where its path is not known.
    ///
    /// AWS pages: CloudFormation Template Reference, `aws-resource-iam-role` (`RoleName`, `Path`); User Guide, "Name type":
    /// without a name CloudFormation makes one of the name of the stack, the logical ID and characters of its own.
    pub(super) fn as_named(&self) -> Option<Named> {
        let (_, principal, property) = PRINCIPALS.iter().find(|(kind, ..)| *kind == self.kind())?;
        let choices = self.scope.choices;
        if let Some(arn) = choices.of(&format!("{}.Arn", self.id)) {
            let name = arn.rsplit('/').next().unwrap_or_default();
            let name = choices.of(self.id).unwrap_or(name).to_owned();
            return Some(Named { arn: arn.to_owned(), name, is_name_assumed: false });
        }
        // `Ref` of a principal is its name.
        let known = choices.of(self.id).map(str::to_owned).or_else(|| self.known(property));
        let is_name_assumed = known.is_none();
        let name = known.unwrap_or_else(|| self.name_with_symbols(property));
        let arn = self.deployer.arn(*principal, &self.known_path()?, &name);
        Some(Named { arn, name, is_name_assumed })
    }

    /// A name in the place of one that is not known.
    fn name_with_symbols(&self, property: &str) -> String {
        let written = self.property(property).and_then(|node| self.scope.resolve(node).ok());
        if let Some(name) = written.flatten().as_ref().and_then(Look::text) {
            return as_name(name);
        }
        match self.scope.choices.of("AWS::StackName") {
            Some(stack) => as_name(&format!("{stack}-{}-EXAMPLE", self.id)),
            None => as_name(self.id),
        }
    }
}

/// What refers to the principals of a template, and what it will give: where two would be the same, neither is known.
pub(super) fn referred(all: &[(&str, Named)]) -> BTreeMap<String, String> {
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, named) in all {
        *count.entry(&named.arn).or_default() += 1;
    }
    let alone = |named: &Named| count.get(&*named.arn) == Some(&1);
    let alone = all.iter().filter(|(_, named)| alone(named));
    let both = |(id, named): &(&str, Named)| {
        [((*id).to_owned(), named.name.clone()), (format!("{id}.Arn"), named.arn.clone())]
    };
    alone.flat_map(both).collect()
}

/// What is assumed where a stack is deployed, of which the text does not tell the account or the names of some principals: a
/// clause each.
pub(super) fn assumed(deployer: &Deployer, is_account_told: bool, unnamed: &[&str]) -> Vec<String> {
    let account = (!is_account_told).then(|| {
        let (account, partition) = (deployer.account_or_example(), deployer.partition());
        format!("deployment in account {account} of partition `{partition}` is assumed; `#NAME?AWS::AccountId=ACCOUNT` changes that")
    });
    let first = unnamed.first().copied().unwrap_or_default();
    let names = deployer.names_assumed(unnamed);
    let names = names.map(|clause| format!("{clause}; `#NAME?{first}=ITS-NAME` changes that"));
    account.into_iter().chain(names).collect()
}
