"""Reintegration: what happens after the return, from expecting a family to closing its assistance.

Owns: cases as they stand here, attempts to reach people, help right after the arrival, counselling, assessments and
feasibility checks, plans with their lines, instalments and approvals, changes to them, community projects, budgets,
what is bought, deliveries, payments and their reversals, follow-ups, visits, survey schemes and surveys, closures and
reopenings.
Tells: plan approved and changed, delivery confirmed, instalment paid, payment reversed, visit made, talk held, help
given, survey scored, contact lost and regained, assistance closed and reopened.
Listens for: who belongs to a case, who declared and who withdrew, who is home without a departure of ours and who is
one person (registration); what the package is (eligibility); who has a seat, who departed, arrived, was not admitted or
did not come, and what was paid before departure (travel).
"""
