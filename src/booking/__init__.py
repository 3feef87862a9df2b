"""The book: who sits where and when. Knows tables and time; knows no words."""
