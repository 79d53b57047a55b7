//! What a request of a combination is about: an action of one class and a resource of another that AWS publishes
//! for each other.
//!
//! Any member of a class is as right as any other, but not every pair of members is a request: `s3:GetObject` is
//! asked of objects, and where a policy names a bucket, `s3:*` is shown by `s3:ListBucket`.

use std::collections::BTreeSet;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

use iamsure_core::language::{ActionName, is_account_id};
use iamsure_reference::{Action, ResourceType, Service, action, example_arn, service, well_known};
use rustc_hash::FxHashMap;

use crate::budget::Budget;
use crate::class::action::{ActionClass, ActionClasses};
use crate::class::plausible::{arn_like, arns_like, form_of, is_of, resources_of, texts_of};
use crate::class::resource::{Asked, EntryForm, ResourceClass, ResourceQuestion, is_of_class};
use crate::sample::{EXAMPLE_ACCOUNT, OTHER_ACCOUNT};

/// How much is tried to find a resource of a form in a class that nothing readable is in.
const BUDGET: Budget = Budget {
    states: 20_000,
    classes: 2_048,
    subjects: 500,
    nodes: 1_000_000,
    rows: 100_000,
    combinations: 1_000_000,
};

/// In how many accounts that policies name a resource of a form is looked for.
const MOST_ACCOUNTS: usize = 4;

/// An action and a resource.
#[derive(Clone, Debug)]
pub(super) struct Target {
    pub(super) action: ActionName,
    pub(super) resource: String,
}

/// The targets that were looked for. One is right for all requests of its two classes, and may take an automaton to find.
#[derive(Clone, Debug, Default)]
pub(super) struct Targets(Arc<Mutex<FxHashMap<Sought, Option<Target>>>>);

impl Targets {
    /// The target in class `class` of `all`, which are the classes of resources of the aim's question.
    pub(super) fn of(
        &self,
        all: &Arc<[ResourceClass]>,
        class: usize,
        aim: Aim<'_>,
    ) -> Option<Target> {
        let account = aim.account.to_owned();
        let of = Alike(Arc::clone(all));
        let sought = Sought { resources: of, class, of_action: aim.of_action, account };
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.entry(sought).or_insert_with(|| aim.target()).clone()
    }
}

/// Where a target is looked for.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Sought {
    resources: Alike,
    class: usize,
    of_action: usize,
    account: String,
}

/// Classes of one question, which residuals share.
#[derive(Debug)]
struct Alike(Arc<[ResourceClass]>);

impl PartialEq for Alike {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Alike {}

impl Hash for Alike {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.0).cast::<ResourceClass>().addr().hash(state);
    }
}

/// The two classes that a target is looked for in.
#[derive(Clone, Copy)]
pub(super) struct Aim<'a> {
    pub(super) classes: &'a ActionClasses,
    /// The class of actions, by number.
    pub(super) of_action: usize,
    pub(super) resources: &'a ResourceClass,
    pub(super) question: ResourceQuestion<'a>,
    /// The account that resources lie in where the policies leave it open.
    pub(super) account: &'a str,
}

impl<'a> Aim<'a> {
    /// The target; one that AWS publishes no such form for, if no other was found.
    fn target(self) -> Option<Target> {
        let class = self.classes.classes.get(self.of_action)?;
        let found = if self.resources.several {
            self.of_witness(class).or_else(|| {
                let asked = Asked::new(self.question);
                self.readable(class, &asked).or_else(|| self.exact(class, &asked))
            })
        } else {
            self.of_one(class)
        };
        found.or_else(|| {
            let resource = self.resources.witness.clone();
            Some(Target { action: class.witness.clone(), resource })
        })
    }

    /// A resource for the action that stands for its class.
    fn of_witness(self, class: &ActionClass) -> Option<Target> {
        let name = class.witness.as_str();
        let known = action(name).known();
        let fits = |text: &str| known.is_none_or(|known| is_of(known, text));
        let texts = self.texts();
        let is_of_class = is_of_class(self.question, self.resources);
        let resource = resources_of(name, texts.into_iter(), self.account)
            .find(|text| fits(text) && is_of_class(text))?;
        Some(Target { action: class.witness.clone(), resource })
    }

    /// The texts that name resources.
    fn texts(self) -> impl IntoIterator<Item = &'a str> {
        let ResourceQuestion { clauses, rules, asked, .. } = self.question;
        texts_of(clauses, rules, asked)
    }

    /// An action for the only resource of the class.
    fn of_one(self, class: &ActionClass) -> Option<Target> {
        let resource = &self.resources.witness;
        let found = self.members(class).find(|member| is_of(*member, resource))?;
        Some(Target { action: named(found)?, resource: resource.clone() })
    }

    /// Resources such as the patterns name, for other actions of the class.
    fn readable(self, class: &ActionClass, asked: &Asked<'_>) -> Option<Target> {
        self.kinds(class).filter(|(_, kind)| self.may_be(*kind)).find_map(|(member, kind)| {
            let fits = |text: &String| kind.fits(text) && asked.is_of(text, self.resources);
            let resource = self.accounts().into_iter().find_map(|account| {
                let usual = example_arn(kind).replacen(":111122223333:", ":*:", 1);
                let usual = arn_like(&usual, &example_arn(kind), account)?;
                let patterns = self.texts().into_iter();
                let like = patterns.flat_map(|pattern| arns_like(pattern, &usual, account));
                std::iter::once(usual.clone()).chain(like).find(fits)
            })?;
            Some(Target { action: named(member)?, resource })
        })
    }

    /// The account that resources lie in, and one that is another.
    fn accounts(self) -> [&'a str; 2] {
        let other = if self.account == OTHER_ACCOUNT { EXAMPLE_ACCOUNT } else { OTHER_ACCOUNT };
        [self.account, other]
    }

    /// The accounts that the policies' resources name.
    fn named_accounts(self) -> impl Iterator<Item = &'a str> {
        let accounts: BTreeSet<&str> = self
            .texts()
            .into_iter()
            .filter_map(|text| text.split(':').nth(4))
            .filter(|field| is_account_id(field))
            .collect();
        accounts.into_iter().take(MOST_ACCOUNTS)
    }

    /// Whatever has a form that AWS publishes and is of the class.
    fn exact(self, class: &ActionClass, asked: &Asked<'_>) -> Option<Target> {
        self.kinds(class).filter(|(_, kind)| self.may_be(*kind)).find_map(|(member, kind)| {
            let likely_first =
                self.accounts().into_iter().chain(self.named_accounts()).map(Some).chain([None]);
            // No reader takes another account for real, or none where there is one.
            let is_real = |account: Option<&str>, format: &str| {
                account.is_some() || !format.contains("${Account}")
            };
            let mut forms = likely_first.flat_map(|account| {
                let formats = kind.arn_formats().filter(move |format| is_real(account, format));
                formats.map(move |format| form_of(format, account))
            });
            let resource = forms.find_map(|form| {
                let text = asked.one_of(self.resources, &form, BUDGET)?;
                kind.fits(&text).then_some(text)
            })?;
            Some(Target { action: named(member)?, resource })
        })
    }

    /// Whether some resource of this type may be what every element that names the class lists. If not, none of
    /// the class is of the type.
    fn may_be(self, kind: ResourceType) -> bool {
        self.resources.listed.iter().filter_map(|at| self.question.clauses.get(at)).all(|clause| {
            clause.entries.iter().any(|entry| match &entry.form {
                EntryForm::Arns(_) => entry.text.contains("${") || kind.fits(&entry.text),
                _ => true,
            })
        })
    }

    /// Each type of resource that actions of the class work on, once, with the best known action that does.
    fn kinds(self, class: &'a ActionClass) -> impl Iterator<Item = (Action, ResourceType)> + 'a {
        let mut seen: BTreeSet<(&str, &str)> = BTreeSet::new();
        self.members(class)
            .flat_map(|member| member.resource_types().map(move |kind| (member, kind)))
            .filter(move |(member, kind)| seen.insert((member.service().prefix(), kind.name())))
    }

    /// Actions of the class: the one that stands for it, then those of the services that the policies' resources
    /// name, the well-known ones first.
    fn members(self, class: &'a ActionClass) -> impl Iterator<Item = Action> + 'a {
        let witness = action(class.witness.as_str()).known();
        let own = witness.map(|witness| witness.service().prefix());
        let named = self
            .texts()
            .into_iter()
            .filter_map(|text| text.split(':').nth(2))
            .filter(|field| !field.contains(['*', '?', '$']));
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let services = own.into_iter().chain(named).filter(move |prefix| seen.insert(prefix));
        let of_service = |prefix: &'a str| {
            let well_known = well_known(prefix).iter().filter_map(|name| action(name).known());
            let all = service(prefix).known().into_iter().flat_map(Service::actions);
            well_known.chain(all)
        };
        let is_of_class =
            move |member: &Action| self.classes.class_of(*member) == Some(self.of_action);
        witness.into_iter().chain(services.flat_map(of_service).filter(is_of_class))
    }
}

fn named(action: Action) -> Option<ActionName> {
    ActionName::parse(action.name()).ok()
}
