"""The calendar: every appointment around a child, across sectors, as far as its reader may see.

An appointment is a FHIR Appointment, written as everything else is. Times are Danish; the nights when the clock changes
are spoken of and never guessed at. A personal feed (iCalendar, RFC 5545) tells when somebody has an appointment, and
neither with whom nor why.
"""
