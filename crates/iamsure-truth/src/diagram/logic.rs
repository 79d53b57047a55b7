//! Functions of yes and no, put together: and, or, not, and a choice between two.

use super::{Diagram, FALSE, Function, TRUE};
use crate::budget::TooComplex;

impl Diagram {
    /// Yes where both are.
    ///
    /// # Errors
    /// As [`node`](Self::node).
    pub(crate) fn and(&mut self, one: Function, two: Function) -> Result<Function, TooComplex> {
        match (one, two) {
            (FALSE, _) | (_, FALSE) => return Ok(FALSE),
            (TRUE, other) | (other, TRUE) => return Ok(other),
            (one, two) if one == two => return Ok(one),
            _ => {}
        }
        let key = (one.min(two), one.max(two));
        if let Some(known) = self.both.get(&key) {
            return Ok(*known);
        }
        let Some(subject) = self.first_subject(&[one, two]) else { return Ok(FALSE) };
        let mut children = Vec::with_capacity(self.arity(subject));
        for class in 0..self.arity(subject) {
            let (one, two) = (self.child(one, subject, class), self.child(two, subject, class));
            children.push(self.and(one, two)?);
        }
        let result = self.node(subject, children)?;
        self.both.insert(key, result);
        Ok(result)
    }

    /// Yes where one of the two is.
    ///
    /// # Errors
    /// As [`node`](Self::node).
    pub(crate) fn or(&mut self, one: Function, two: Function) -> Result<Function, TooComplex> {
        match (one, two) {
            (TRUE, _) | (_, TRUE) => return Ok(TRUE),
            (FALSE, other) | (other, FALSE) => return Ok(other),
            (one, two) if one == two => return Ok(one),
            _ => {}
        }
        let key = (one.min(two), one.max(two));
        if let Some(known) = self.either.get(&key) {
            return Ok(*known);
        }
        let Some(subject) = self.first_subject(&[one, two]) else { return Ok(TRUE) };
        let mut children = Vec::with_capacity(self.arity(subject));
        for class in 0..self.arity(subject) {
            let (one, two) = (self.child(one, subject, class), self.child(two, subject, class));
            children.push(self.or(one, two)?);
        }
        let result = self.node(subject, children)?;
        self.either.insert(key, result);
        Ok(result)
    }

    /// Yes where any of the functions is. They are joined pairwise, so that no large function is built
    /// up one small step at a time.
    ///
    /// # Errors
    /// As [`node`](Self::node).
    pub(crate) fn any(&mut self, functions: &[Function]) -> Result<Function, TooComplex> {
        match functions {
            [] => Ok(FALSE),
            [one] => Ok(*one),
            more => {
                let (left, right) = more.split_at(more.len() / 2);
                let (left, right) = (self.any(left)?, self.any(right)?);
                self.or(left, right)
            }
        }
    }

    /// Yes where the function is not.
    ///
    /// # Errors
    /// As [`node`](Self::node).
    pub(crate) fn not(&mut self, function: Function) -> Result<Function, TooComplex> {
        self.choose(function, FALSE, TRUE)
    }

    /// `then` where `condition` is yes, `otherwise` elsewhere.
    ///
    /// # Errors
    /// As [`node`](Self::node).
    pub(crate) fn choose(
        &mut self,
        condition: Function,
        then: Function,
        otherwise: Function,
    ) -> Result<Function, TooComplex> {
        match condition {
            TRUE => return Ok(then),
            FALSE => return Ok(otherwise),
            _ if then == otherwise => return Ok(then),
            _ => {}
        }
        let key = (condition, then, otherwise);
        if let Some(known) = self.choices.get(&key) {
            return Ok(*known);
        }
        let Some(subject) = self.first_subject(&[condition, then, otherwise]) else {
            return Ok(otherwise);
        };
        let mut children = Vec::with_capacity(self.arity(subject));
        for class in 0..self.arity(subject) {
            let condition = self.child(condition, subject, class);
            let then = self.child(then, subject, class);
            let otherwise = self.child(otherwise, subject, class);
            children.push(self.choose(condition, then, otherwise)?);
        }
        let result = self.node(subject, children)?;
        self.choices.insert(key, result);
        Ok(result)
    }
}
