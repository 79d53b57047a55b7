//! Sets of actions in words: by name where they are few, by the lists of the policies where those say it,
//! else by how many there are.

use std::cell::OnceCell;

use iamsure_core::language::{ActionName, ActionPattern};
use rustc_hash::FxHashMap;

use crate::bits::Bits;
use crate::class::action::FEW;
use crate::model::Model;
use crate::said::{Said, Sample};
use crate::wording::{Literal, express};

/// How many lists a cell puts together.
const PUT_TOGETHER: usize = 6;

/// How many patterns a cell names.
const LISTED: usize = 60;

/// How many lists are tried in pairs.
const PAIRED: usize = 24;

/// A set of classes of actions of a model in words; `None` for all of them.
pub(crate) fn action_words(model: &Model, target: &Bits) -> Option<Said> {
    let scope: Bits = model.cells.iter().map(|cell| cell.action).collect();
    ActionWords::new(model, &scope).said(target)
}

/// The words for sets of classes of actions of one model; the lists are looked at once.
pub(super) struct ActionWords<'a> {
    model: &'a Model,
    /// All in scope.
    pub(super) scope: &'a Bits,
    lists: OnceCell<Lists<'a>>,
    callers: OnceCell<FxHashMap<usize, Bits>>,
}

impl<'a> ActionWords<'a> {
    pub(super) const fn new(model: &'a Model, scope: &'a Bits) -> Self {
        Self { model, scope, lists: OnceCell::new(), callers: OnceCell::new() }
    }

    /// Those that can make the calls of a class of actions.
    pub(super) fn callers(&self, action: usize) -> Option<&Bits> {
        let callers = self.callers.get_or_init(|| {
            let mut callers: FxHashMap<usize, Bits> = FxHashMap::default();
            for cell in &self.model.cells {
                callers.entry(cell.action).or_default().insert(cell.caller);
            }
            callers
        });
        callers.get(&action)
    }

    /// A set of classes of actions in words; `None` for all in scope.
    pub(super) fn said(&self, target: &Bits) -> Option<Said> {
        let Self { model, scope, .. } = self;
        if target == *scope {
            return None;
        }
        if let Some(names) = few_names(model, target) {
            return Some(Said::listed(names));
        }
        let lists = self.lists.get_or_init(|| Lists::of(model, scope));
        let rest = scope.difference(target);
        let by_name = || few_names(model, &rest).map(|names| Said::any_but(Said::listed(names)));
        let found = lists
            .exactly(target)
            .map(Said::listed)
            .or_else(|| lists.exactly(&rest).map(|names| Said::any_but(Said::listed(names))))
            .or_else(|| lists.together(target).map(Said::listed))
            .or_else(by_name)
            .or_else(|| lists.together(&rest).map(Said::listed).map(Said::any_but))
            .or_else(|| lists.one_without(model, target))
            .or_else(|| lists.one_and_any_but(model, target));
        Some(found.unwrap_or_else(|| counted(model, target)))
    }
}

/// One list of a policy, or of the rules of combination.
struct List {
    holds: Bits,
    names: Vec<String>,
}

/// The lists that can be said.
struct Lists<'a> {
    scope: &'a Bits,
    lists: Vec<List>,
}

impl<'a> Lists<'a> {
    /// The shortest first.
    fn of(model: &Model, scope: &'a Bits) -> Self {
        let holds = |number: usize| -> Bits {
            let is_on = |class: &usize| {
                model.actions.classes.get(*class).is_some_and(|class| class.listed.contains(number))
            };
            scope.iter().filter(is_on).collect()
        };
        let lists = model.lists().iter().enumerate();
        let mut lists: Vec<List> = lists
            .filter(|(_, list)| list.len() <= LISTED)
            .map(|(number, list)| {
                let names = list.iter().map(spelled).collect();
                List { holds: holds(number), names: distinct(names) }
            })
            .filter(|list| !list.holds.is_empty())
            .collect();
        lists.sort_by(|one, two| (one.names.len(), &one.names).cmp(&(two.names.len(), &two.names)));
        Self { scope, lists }
    }

    /// The shortest list that is exactly this.
    fn exactly(&self, wanted: &Bits) -> Option<&[String]> {
        self.lists.iter().find(|list| list.holds == *wanted).map(|list| list.names.as_slice())
    }

    /// The names of several lists that are this together.
    fn together(&self, wanted: &Bits) -> Option<Vec<String>> {
        let literals: Vec<Literal> = self
            .lists
            .iter()
            .map(|list| Literal {
                holds: list.holds.clone(),
                said: Said::listed(&list.names),
                has_opposite: false,
                cost: list.names.len(),
            })
            .collect();
        let said = express(wanted, self.scope, &literals)?;
        if said.len() > PUT_TOGETHER {
            return None;
        }
        let mut all = Vec::new();
        for one in said {
            match one {
                Said::Is(name) => all.push(name.text),
                Said::Listed(names) => all.extend(names.into_iter().map(|name| name.text)),
                // What only two lists together say is no list of names.
                _ => return None,
            }
        }
        Some(distinct(all))
    }

    /// A set as names, if that is possible without any exception.
    fn names(&self, model: &Model, wanted: &Bits) -> Option<Vec<String>> {
        few_names(model, wanted)
            .or_else(|| self.exactly(wanted).map(<[String]>::to_vec))
            .or_else(|| self.together(wanted))
            .or_else(|| {
                let list = self.few()?.rev().find(|list| list.holds.is_subset(wanted))?;
                let others = few_names(model, &wanted.difference(&list.holds))?;
                Some(distinct(list.names.iter().cloned().chain(others).collect()))
            })
    }

    /// "`a*` but not `ab`": some lists without some names.
    fn one_without(&self, model: &Model, wanted: &Bits) -> Option<Said> {
        for list in self.few()?.filter(|list| wanted.is_subset(&list.holds)) {
            if let Some(names) = self.names(model, &list.holds.difference(wanted)) {
                return Some(without(&list.names, names));
            }
        }
        for gone in self.few()?.filter(|gone| gone.holds.intersection(wanted).is_empty()) {
            if let Some(names) = self.together(&wanted.union(&gone.holds)) {
                return Some(without(&names, gone.names.clone()));
            }
        }
        None
    }

    /// "`ab`, and any but `a*`": one list, and all but some lists and names that take in nothing else of
    /// what is wanted.
    fn one_and_any_but(&self, model: &Model, wanted: &Bits) -> Option<Said> {
        let rest = self.scope.difference(wanted);
        for back in self.few()?.filter(|back| back.holds.is_subset(wanted)) {
            let bound = rest.union(&back.holds);
            let mut left = rest.clone();
            let mut names: Vec<String> = Vec::new();
            let gain = |list: &List, left: &Bits| list.holds.intersection(left).len();
            // The last of those that gain most is the longest: of equals the first is meant.
            while let Some(list) = self
                .few()?
                .rev()
                .filter(|list| list.holds.is_subset(&bound) && gain(list, &left) > 0)
                .max_by_key(|list| gain(list, &left))
            {
                left = left.difference(&list.holds);
                names.extend(list.names.iter().cloned());
            }
            let Some(others) = few_names(model, &left) else { continue };
            names.extend(others);
            if names.len() > LISTED {
                continue;
            }
            let others = Said::any_but(Said::listed(distinct(names)));
            return Some(Said::one_of([Said::listed(&back.names), others]));
        }
        None
    }

    /// The lists, if they are few enough to be tried with each other.
    fn few(&self) -> Option<std::slice::Iter<'_, List>> {
        (self.lists.len() <= PAIRED).then(|| self.lists.iter())
    }
}

/// Names without others; those that stand among them are left out, the rest is said.
fn without(names: &[String], gone: Vec<String>) -> Said {
    let same = |one: &String, other: &String| one.eq_ignore_ascii_case(other);
    let kept: Vec<String> =
        names.iter().filter(|name| !gone.iter().any(|other| same(name, other))).cloned().collect();
    let still = |name: &String| match ActionName::parse(name) {
        Ok(action) => kept.iter().any(|kept| ActionPattern::new(kept.as_str()).matches(&action)),
        Err(_) => true,
    };
    let gone: Vec<String> = gone.into_iter().filter(still).collect();
    let gone = (!gone.is_empty()).then(|| Said::negated(Said::listed(gone)));
    Said::all(std::iter::once(Said::listed(kept)).chain(gone))
}

/// A pattern as AWS spells it, if it is the name of an action: policies spell one name in several ways.
fn spelled(pattern: &ActionPattern) -> String {
    let known = iamsure_reference::action(pattern.as_str()).known();
    known.map_or_else(|| pattern.as_str().to_owned(), |action| action.name().to_owned())
}

/// Names in order, each once, without those that a wildcard among them matches.
fn distinct(mut names: Vec<String>) -> Vec<String> {
    names.sort_by_cached_key(|name| (name.to_ascii_lowercase(), name.clone()));
    names.dedup_by(|one, other| one.eq_ignore_ascii_case(other));
    let wildcards: Vec<ActionPattern> = names
        .iter()
        .filter(|name| name.contains(['*', '?']))
        .map(|name| ActionPattern::new(name.as_str()))
        .collect();
    names.retain(|name| match ActionName::parse(name) {
        Ok(action) => !wildcards.iter().any(|pattern| pattern.matches(&action)),
        Err(_) => true,
    });
    names
}

/// The actions one by one, if they are few and all published.
fn few_names(model: &Model, target: &Bits) -> Option<Vec<String>> {
    let classes: Vec<_> =
        target.iter().filter_map(|class| model.actions.classes.get(class)).collect();
    let count: usize = classes.iter().map(|class| class.published).sum();
    let all_known = classes
        .iter()
        .all(|class| class.few.len() == class.published && class.unpublished.is_none());
    if count > FEW || !all_known {
        return None;
    }
    let members = classes.iter().flat_map(|class| &class.few);
    let mut names: Vec<String> = members.map(|action| action.name().to_owned()).collect();
    names.sort_unstable();
    Some(names)
}

/// How many there are, and two of them.
fn counted(model: &Model, target: &Bits) -> Said {
    let classes = || target.iter().filter_map(|class| model.actions.classes.get(class));
    let count: usize = classes().map(|class| class.published).sum();
    let mut names: Vec<&str> = classes().map(|class| class.witness.as_str()).collect();
    // A published one before a made-up one.
    names.sort_by_key(|name| (!iamsure_reference::action(name).is_known(), *name));
    Said::such(Sample::Actions(count), names.into_iter().take(2))
}
