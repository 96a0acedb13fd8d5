"""Travel: flights and their seats, bookings, the airport desk, the doors, and the way to arrival.

Owns: flights, paper rules (exit permits, visas, transit), bookings, passengers, what was said and paid at the desk, the
hand-over to registration when the doors close. It keeps no personal data: individuals are ids.

Tells: flight.scheduled, flight.changed, flight.cancelled, booking.made, booking.on_hold,
booking.resumed, booking.cancelled, willingness.stated, allowance.paid,
passenger.no_show, passenger.offloaded, passenger.departed, passenger.in_transit, passenger.arrived,
passenger.not_admitted.

Listens for: registration's facts about cases, declarations, withdrawals, holds, protection, documents, fitness and
clearances; eligibility's decisions and restrictions.
"""
