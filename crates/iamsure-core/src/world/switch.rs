//! The switches Q1 to Q27: named choices where AWS is silent. One table.
//!
//! A switch has a default, which the spec argues for, and one or more alternatives. A report names
//! every switch its answer depends on; dependence is found by deciding both ways.

use std::fmt;

/// One way to choose other than the default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alternative {
    /// The word that selects it.
    pub name: &'static str,
    /// What it does.
    pub meaning: &'static str,
}

/// How sure the spec is of a default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Confidence {
    /// AWS says so, or nearly.
    High,
    /// Others observed it, or it follows from something documented.
    Medium,
    /// A guess with a reason.
    Low,
    /// There is no default: both are shown.
    None,
}

macro_rules! switches {
    ($($id:ident $confidence:ident $question:literal $default:literal [$($name:literal $meaning:literal),+];)*) => {
        /// A choice where AWS is silent.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Switch {
            $(#[doc = $question] $id,)*
        }

        impl Switch {
            /// Every switch, in order.
            pub const ALL: &'static [Self] = &[$(Self::$id,)*];

            /// `Q1`, …
            pub const fn id(self) -> &'static str {
                match self { $(Self::$id => stringify!($id),)* }
            }

            /// What is being chosen.
            pub const fn question(self) -> &'static str {
                match self { $(Self::$id => $question,)* }
            }

            /// What is done by default.
            pub const fn default_meaning(self) -> &'static str {
                match self { $(Self::$id => $default,)* }
            }

            /// What can be chosen instead.
            pub const fn alternatives(self) -> &'static [Alternative] {
                match self { $(Self::$id => &[$(Alternative { name: $name, meaning: $meaning }),+],)* }
            }

            /// How sure the default is.
            pub const fn confidence(self) -> Confidence {
                match self { $(Self::$id => Confidence::$confidence,)* }
            }
        }

        const COUNT: usize = [$(Switch::$id,)*].len();
    };
}

switches! {
    Q1 High "policy without Version" "read as 2008-10-17, without variables" ["2012" "read as 2012-10-17"];
    Q2 Low "negated operator with a value that does not parse" "true" ["false" "false"];
    Q3 Medium "variable without a value in NotResource" "the entry matches nothing, so the statement covers the resource" ["no-match" "the statement does not match"];
    Q4 High "operator without ForAnyValue or ForAllValues on a multivalued key" "one element is compared as a single value; with two or more it is false" ["always-false" "false, however many elements there are", "any-element" "true if any element passes"];
    Q5 Low "Null on a single-valued key whose value is empty" "the key is present" ["absent" "the key is absent"];
    Q6 Medium "set operator with IfExists on an absent key" "IfExists is ignored" ["true" "true"];
    Q7 Medium "case of operator names" "significant" ["ignored" "ignored"];
    Q8 Medium "{\"AWS\": \"*\"} and service principals" "matches them" ["no-match" "matches only AWS principals and anonymous callers"];
    Q9 Low "NotPrincipal with Deny that lists only the account" "its users and roles are denied" ["exempt" "its users and roles are exempt"];
    Q10 Low "variables in Bool" "not substituted" ["substituted" "substituted"];
    Q11 High "`*` in a substituted value" "a literal character" ["wildcard" "a wildcard"];
    Q12 Low "`::ffff:a.b.c.d`" "an IPv6 address" ["ipv4" "the IPv4 address"];
    Q13 Medium "case of the first five fields of a Resource" "significant" ["ignored" "ignored"];
    Q14 Medium "inner `*` in the first five fields of a Resource" "stops at colons" ["crosses" "crosses colons"];
    Q15 Medium "short ARNs outside identity-based policies" "not completed" ["completed" "completed with `*`"];
    Q16 Medium "variable whose value is the empty string" "has no value" ["value" "has a value"];
    Q17 Medium "date without a time zone, or a short date" "UTC, start of its period" ["unreadable" "does not parse"];
    Q18 Low "endpoint policy and service principals" "does not apply to them" ["applies" "applies to them"];
    Q19 High "grant to a session ARN under a session policy" "not limited by it" ["limited" "limited by it"];
    Q20 None "`aws:ViaAWSMCPService` on direct calls" "both absent and false are evaluated" ["false" "false", "absent" "absent"];
    Q21 High "variable without a value under a negated operator" "the clause matches" ["no-match" "the clause does not match"];
    Q22 High "role that assumes itself without being named in its trust policy" "denied" ["legacy" "allowed, as for some roles before 2022-09-21"];
    Q23 Medium "entry other than `*` for an action without resource types" "does not match" ["arns" "matches if its resource part is `*`"];
    Q24 Low "NotPrincipal with Deny that does not list the account" "denied" ["not-needed" "the account need not be listed"];
    Q25 Medium "NotPrincipal with Deny that lists the role but not the session" "the session is denied" ["exempt" "the session is exempt"];
    Q26 Low "variable before the fifth colon of a Resource" "the entry matches nothing" ["substituted" "substituted"];
    Q27 Low "ARN operator with a value of fewer than six fields" "the value matches nothing" ["whole-text" "compared as a whole string, wildcards included"];
}

impl Switch {
    /// Whether anything speaks for its default or for another choice: a text of AWS, an answer of AWS that was
    /// recorded, or what others observed.
    pub const fn has_evidence(self) -> bool {
        !matches!(self, Self::Q2 | Self::Q5 | Self::Q9 | Self::Q24 | Self::Q25 | Self::Q27)
    }

    /// The switch called `id`, without case.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|switch| switch.id().eq_ignore_ascii_case(id))
    }
}

impl fmt::Display for Switch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// What is chosen for each switch; the default for all, to begin with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Switches {
    /// 0 is the default, `n` the alternative at `n - 1`.
    chosen: [u8; COUNT],
}

impl Switches {
    /// The same choices, but for `switch` the alternative at `index` (from 0). An index that does
    /// not exist chooses the default.
    #[must_use]
    pub fn with(mut self, switch: Switch, index: usize) -> Self {
        let choice = if index < switch.alternatives().len() {
            u8::try_from(index + 1).unwrap_or(0)
        } else {
            0
        };
        if let Some(slot) = self.chosen.get_mut(switch as usize) {
            *slot = choice;
        }
        self
    }

    /// The same choices, but the default for `switch`.
    #[must_use]
    pub fn with_default(self, switch: Switch) -> Self {
        self.with(switch, usize::MAX)
    }

    /// The same choices for some switches, the defaults for all others.
    #[must_use]
    pub fn only(&self, kept: &[Switch]) -> Self {
        let mut only = Self::default();
        for switch in kept {
            let place = *switch as usize;
            if let (Some(slot), Some(choice)) = (only.chosen.get_mut(place), self.chosen.get(place))
            {
                *slot = *choice;
            }
        }
        only
    }

    /// The alternative that is chosen, if it is not the default.
    pub fn alternative(&self, switch: Switch) -> Option<&'static Alternative> {
        let choice = usize::from(*self.chosen.get(switch as usize)?);
        switch.alternatives().get(choice.checked_sub(1)?)
    }

    /// Whether the alternative called `name` is chosen.
    pub fn is(&self, switch: Switch, name: &str) -> bool {
        self.alternative(switch).is_some_and(|alternative| alternative.name == name)
    }

    /// Whether some alternative is chosen.
    pub fn is_alternative(&self, switch: Switch) -> bool {
        self.alternative(switch).is_some()
    }

    /// Reads `Q4`, or `Q4=any-element`, and chooses it.
    ///
    /// # Errors
    /// A sentence that says what can be written.
    pub fn choose(self, text: &str) -> Result<Self, String> {
        let (id, name) = text.split_once('=').map_or((text, None), |(id, name)| (id, Some(name)));
        let switch = Switch::from_id(id)
            .ok_or_else(|| format!("unknown switch `{id}`; expected Q1 to Q{COUNT}"))?;
        if switch == Switch::Q7 {
            return Err(
                "Q7 is a choice of reading: `--lenient` ignores case of operator names".to_owned()
            );
        }
        let index = match name {
            None => 0,
            Some("default") => return Ok(self.with_default(switch)),
            Some(name) => {
                switch.alternatives().iter().position(|known| known.name == name).ok_or_else(
                    || {
                        let names: Vec<_> =
                            switch.alternatives().iter().map(|known| known.name).collect();
                        format!(
                            "`{name}` is not a choice of {switch}; expected `default` or {}",
                            names.join(", ")
                        )
                    },
                )?
            }
        };
        Ok(self.with(switch, index))
    }

    /// As [`Self::choose`], and refuses a switch that is among `chosen` already: which of two choices was meant is
    /// not ours to say.
    ///
    /// # Errors
    /// A sentence that says what can be written.
    pub fn choose_once(self, text: &str, chosen: &mut Vec<Switch>) -> Result<Self, String> {
        let switches = self.choose(text)?;
        let id = text.split_once('=').map_or(text, |(id, _)| id);
        if let Some(switch) = Switch::from_id(id) {
            if chosen.contains(&switch) {
                return Err(format!("{switch} is chosen twice; give it once"));
            }
            chosen.push(switch);
        }
        Ok(switches)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn switches_are_chosen_by_name() {
        let switches = Switches::default().choose("q4=any-element").unwrap().choose("Q12").unwrap();
        assert!(switches.is(Switch::Q4, "any-element"));
        assert!(switches.is_alternative(Switch::Q12));
        assert!(!switches.is_alternative(Switch::Q5));
        assert!(!switches.choose("Q4=default").unwrap().is_alternative(Switch::Q4));
        assert!(Switches::default().choose("Q28").is_err());
        assert!(Switches::default().choose("Q4=maybe").is_err());
        assert_eq!(Switch::ALL.len(), 27);
    }
}
