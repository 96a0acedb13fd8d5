"""The log of the hotline and the other channels: topics, urgency, distress, call-backs."""
