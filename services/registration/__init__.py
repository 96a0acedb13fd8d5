"""Registration: who someone is, what they decided, and whether they may leave.

Owns all personal data: individuals, households, cases, documents, contacts, findings; declarations and withdrawals;
holds; consents; and the moment of no return (clearance). Keeps the journey: one line for each fact about a case.

Tells, without a name or a reason: cases registered and corrected, who joins and leaves them, declarations, withdrawals,
holds, documents and fitness as outcomes, clearances, closure. Listens to everything the other three tell about a case.
"""
