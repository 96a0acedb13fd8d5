"""Reintegration: what happens after the return, from expecting a family to closing its assistance.

Owns: cases as they stand here, counselling after return, plans with their lines and instalments, deliveries, payments
and their reversals, visits, survey schemes and surveys, closures.
Tells: plan approved and changed, delivery confirmed, instalment paid, payment reversed, visit made, survey scored,
assistance closed.
Listens for: who belongs to a case, who declared and who withdrew (registration); what the package is (eligibility);
who has a seat, who departed, arrived, was not admitted or did not come, and what was paid before departure (travel).
"""
