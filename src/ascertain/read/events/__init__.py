"""What a text tells of attacks: mentions of events, the incidents that they are of, claims."""
