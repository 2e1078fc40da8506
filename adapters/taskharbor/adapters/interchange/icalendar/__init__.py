"""iCalendar: VTODO of RFC 5545, as calendar programs and phones write it."""
