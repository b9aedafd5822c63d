"""Referrals: one place asks another to take over a part of the work with a child.

The states are those of MedCom's logical model of a referral (proposed, active, on hold awaiting a supplement, revoked,
completed), seen from both sides, in a closed loop: whatever the receiver answers, the referrer sees it and has the ball
again, so that a rejected child is never nobody's.
"""
