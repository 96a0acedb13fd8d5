"""The rules that every programme has without writing them: whom and which return it can be for at all."""
