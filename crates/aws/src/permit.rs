//! The permission to write, as a value: who does not have it cannot make a `Writer`.

use glidepath_model::Digest;

/// Permission to change things in AWS.
///
/// INVARIANT (only `apply` writes): the one caller of [`WritePermit::for_consented_plan`] is the engine's
/// `apply`, after the plan was checked and consented to. Nothing on the way of `plan` or `drift` asks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WritePermit {
    plan: Digest,
}

impl WritePermit {
    /// A permit for carrying out the plan with this digest.
    ///
    /// The digest stands for the proof: it is that of the canonical changes that passed every check and
    /// that the user consented to. It is not looked at here; it names the plan in the records of the run.
    #[must_use]
    pub fn for_consented_plan(plan: Digest) -> Self {
        Self { plan }
    }

    /// The digest of the plan that was consented to.
    #[must_use]
    pub fn plan(&self) -> &Digest {
        &self.plan
    }
}
