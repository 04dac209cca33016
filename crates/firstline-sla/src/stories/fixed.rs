//! Due times that are fixed, and calendars that are not UTC offices.
