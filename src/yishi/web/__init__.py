"""The web shell: base templates, design system, assets, home, language and care switches, installable app."""
