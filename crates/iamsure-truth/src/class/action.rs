//! Classes of actions: names that no Action element tells apart.
//!
//! There are the actions that AWS publishes, each of which is looked at, and all others: a name
//! that nobody published yet, or no longer. Policies decide those too, so an Allow with `NotAction`
//! shows its open end. Names compare without case (M-1).

use iamsure_core::language::{ActionName, ActionPattern};
use iamsure_reference::{ACTION_COUNT, Action, ActionSet, action, actions, expand};
use rustc_hash::FxHashMap;

use super::text::{Span, Symbol, TextPattern, text_classes};
use crate::bits::Bits;
use crate::budget::{Budget, TooComplex};

/// Actions that everything asked about actions answers alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionClass {
    /// The lists, by number, that name them.
    pub listed: Bits,
    /// One of them; a published one, if there is any.
    pub witness: ActionName,
    /// How many of them are published.
    pub published: usize,
    /// The published ones, in order, if they are [`FEW`] or less.
    pub few: Vec<Action>,
    /// One of them that is not published, if there may be any.
    pub unpublished: Option<ActionName>,
}

/// Up to how many members a class lists.
pub const FEW: usize = 6;

/// The classes of actions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionClasses {
    /// The classes.
    pub classes: Vec<ActionClass>,
    /// The class of each published action, by its index.
    class_of: Vec<u32>,
}

impl ActionClasses {
    /// The published actions of some classes.
    pub fn members(&self, classes: &Bits) -> ActionSet {
        let in_class = |of: &u32| classes.contains(*of as usize);
        let members =
            actions().zip(&self.class_of).filter(|(_, of)| in_class(of)).map(|(action, _)| action);
        members.collect()
    }

    /// The class of a published action.
    pub fn class_of(&self, action: Action) -> Option<usize> {
        self.class_of.get(action.index()).map(|class| *class as usize)
    }
}

/// The classes of actions that the lists tell apart.
///
/// # Errors
/// If it takes more than the budget.
pub fn action_classes(
    lists: &[Vec<ActionPattern>],
    budget: Budget,
) -> Result<ActionClasses, TooComplex> {
    let mut published = published_classes(lists);
    let mut places: FxHashMap<Bits, usize> = published
        .classes
        .iter()
        .enumerate()
        .map(|(place, class)| (class.listed.clone(), place))
        .collect();
    for (listed, witness) in unpublished_classes(lists, budget)? {
        let place = *places.entry(listed.clone()).or_insert_with(|| {
            published.classes.push(ActionClass {
                listed,
                witness: witness.clone(),
                published: 0,
                few: Vec::new(),
                unpublished: None,
            });
            published.classes.len() - 1
        });
        if let Some(class) = published.classes.get_mut(place) {
            class.unpublished = Some(witness);
        }
    }
    Ok(published)
}

/// Splits the published actions by one list after the other. Only actions on some list are ever
/// looked at: all others stay in the first class.
fn published_classes(lists: &[Vec<ActionPattern>]) -> ActionClasses {
    let mut class_of = vec![0_u32; ACTION_COUNT];
    let mut found: Vec<(Bits, usize)> = vec![(Bits::new(), ACTION_COUNT)];
    let mut of_all = Bits::new();
    let mut touched = ActionSet::new();
    for (at, list) in lists.iter().enumerate() {
        if list.iter().any(ActionPattern::is_every) {
            of_all.insert(at);
            continue;
        }
        let mut named = ActionSet::new();
        for pattern in list {
            named.extend(expand(pattern.as_str()));
        }
        let mut moved: FxHashMap<u32, u32> = FxHashMap::default();
        for action in named.iter() {
            let Some(of) = class_of.get_mut(action.index()) else { continue };
            let target = *moved.entry(*of).or_insert_with(|| {
                let mut listed =
                    found.get(*of as usize).map(|(listed, _)| listed.clone()).unwrap_or_default();
                listed.insert(at);
                found.push((listed, 0));
                u32::try_from(found.len() - 1).unwrap_or(u32::MAX)
            });
            for (class, gain) in [(*of, false), (target, true)] {
                if let Some((_, count)) = found.get_mut(class as usize) {
                    *count = if gain { *count + 1 } else { count.saturating_sub(1) };
                }
            }
            *of = target;
        }
        touched = touched.union(&named);
    }
    // The classes that were not emptied, with their members where those are few.
    let mut numbers: Vec<Option<u32>> = vec![None; found.len()];
    let mut classes: Vec<ActionClass> = Vec::new();
    let untouched = actions().find(|action| !touched.contains(*action));
    for action in untouched.into_iter().chain(touched.iter()) {
        let Some(of) = class_of.get(action.index()).copied() else { continue };
        let Some(number) = numbers.get_mut(of as usize) else { continue };
        if number.is_none()
            && let Some((listed, count)) = found.get(of as usize)
            && let Ok(witness) = ActionName::parse(action.name())
        {
            *number = u32::try_from(classes.len()).ok();
            classes.push(ActionClass {
                listed: listed.union(&of_all),
                witness,
                published: *count,
                few: Vec::new(),
                unpublished: None,
            });
        }
        if let Some(class) = number.and_then(|number| classes.get_mut(number as usize))
            && class.published <= FEW
        {
            class.few.push(action);
        }
    }
    // The first class is that of the untouched, if there are any, and else was emptied.
    if untouched.is_some() {
        for action in touched.iter() {
            if let Some(of) = class_of.get_mut(action.index()) {
                *of = numbers.get(*of as usize).copied().flatten().unwrap_or(u32::MAX);
            }
        }
    } else {
        for of in &mut class_of {
            *of = numbers.get(*of as usize).copied().flatten().unwrap_or(u32::MAX);
        }
    }
    for name in EVERYDAY.iter().rev() {
        let place = action(name).known().and_then(|action| class_of.get(action.index()));
        if let (Some(class), Ok(witness)) =
            (place.and_then(|class| classes.get_mut(*class as usize)), ActionName::parse(name))
        {
            class.witness = witness;
        }
    }
    ActionClasses { classes, class_of }
}

/// Actions that everybody knows: the best examples of a class, the first of them first.
const EVERYDAY: [&str; 10] = [
    "s3:GetObject",
    "ec2:DescribeInstances",
    "iam:CreateUser",
    "dynamodb:GetItem",
    "lambda:InvokeFunction",
    "s3:PutObject",
    "s3:ListBucket",
    "sqs:SendMessage",
    "kms:Decrypt",
    "sts:AssumeRole",
];

/// How many patterns there may be for readable examples to be looked for.
const MAX_HINTED: usize = 200;

/// Every list that some unpublished name is on, with such a name.
fn unpublished_classes(
    lists: &[Vec<ActionPattern>],
    budget: Budget,
) -> Result<Vec<(Bits, ActionName)>, TooComplex> {
    let mut of_all = Bits::new();
    let mut patterns: Vec<Vec<TextPattern>> = Vec::with_capacity(lists.len());
    for (at, list) in lists.iter().enumerate() {
        let every = list.iter().any(ActionPattern::is_every);
        if every {
            of_all.insert(at);
        }
        let open = |pattern: &&ActionPattern| {
            !every
                && (pattern.as_str().contains(['*', '?']) || !action(pattern.as_str()).is_known())
        };
        patterns.push(list.iter().filter(open).filter_map(text_pattern).collect());
    }
    let slices: Vec<&[TextPattern]> = patterns.iter().map(Vec::as_slice).collect();
    // `prefix:Name`, each of one character or more.
    let part = [Symbol::One(Span::Field), Symbol::Run(Span::Field)];
    let universe = TextPattern::new(part.into_iter().chain([Symbol::Char(':')]).chain(part));
    let found = text_classes(&slices, Some(&universe), budget)
        .map_err(|error| TooComplex { subject: "Action".to_owned(), ..error })?;
    let all: Vec<&TextPattern> = patterns.iter().flatten().collect();
    let named_by = |text: &str| -> Bits {
        patterns
            .iter()
            .enumerate()
            .filter(|(_, patterns)| patterns.iter().any(|pattern| pattern.matches(text)))
            .map(|(at, _)| at)
            .collect()
    };
    let mut hints: FxHashMap<Bits, String> = FxHashMap::default();
    if all.len() <= MAX_HINTED {
        let readable = all.iter().map(|pattern| pattern.example("UnpublishedAction"));
        for text in readable.chain(["example:UnpublishedAction".to_owned()]) {
            hints.entry(named_by(&text)).or_insert(text);
        }
    }
    let unpublished =
        |text: &String| (!action(text).is_known()).then(|| ActionName::parse(text).ok()).flatten();
    let mut classes = Vec::with_capacity(found.len());
    for class in found {
        let hint = hints.get(&class.signature).and_then(unpublished);
        // The shortest name may be a published one; one that goes on is not.
        let longer = || {
            let text = format!("{}Unpublished", class.witness);
            (named_by(&text) == class.signature).then(|| unpublished(&text)).flatten()
        };
        if let Some(witness) = hint.or_else(|| unpublished(&class.witness)).or_else(longer) {
            classes.push((class.signature.union(&of_all), witness));
        }
    }
    Ok(classes)
}

/// The lists that name an action.
pub(crate) fn listed_by(lists: &[Vec<ActionPattern>], name: &ActionName) -> Bits {
    lists
        .iter()
        .enumerate()
        .filter(|(_, list)| list.iter().any(|pattern| pattern.matches(name)))
        .map(|(at, _)| at)
        .collect()
}

pub(crate) fn text_pattern(pattern: &ActionPattern) -> Option<TextPattern> {
    let (prefix, _) = pattern.parts()?;
    let name = pattern.as_str().get(prefix.len() + 1..)?;
    let name = name.chars().map(|c| match c {
        '*' => Symbol::Run(Span::All),
        '?' => Symbol::One(Span::All),
        c => Symbol::char(c, true),
    });
    let prefix = prefix.chars().map(|c| Symbol::char(c, true)).chain([Symbol::Char(':')]);
    Some(TextPattern::new(prefix.chain(name)))
}
