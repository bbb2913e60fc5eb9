"""The collector of circles, while a build is under way."""

import gc
import weakref

from msevidence.loaders.collecting import looking_once


class Circle:
    """Something that holds itself, as the tree of an article does."""

    def __init__(self) -> None:
        self.own = self


def test_what_lives_on_is_set_aside_and_given_back() -> None:
    before = gc.get_freeze_count()
    with looking_once():
        held = [[n] for n in range(1_000)]
        gc.collect()
        assert gc.get_freeze_count() >= before + len(held)
        looked_at = {id(one) for one in gc.get_objects()}
        assert not looked_at & {id(one) for one in held}, "they would be looked at again"
    assert gc.get_freeze_count() == 0
    callbacks = len(gc.callbacks)
    with looking_once():
        assert len(gc.callbacks) == callbacks + 1
    assert len(gc.callbacks) == callbacks


def test_new_circles_are_freed_all_the_same() -> None:
    with looking_once():
        gc.collect()
        circle = weakref.ref(Circle())
        assert circle() is not None
        gc.collect()
        assert circle() is None


def test_a_fault_of_a_build_gives_all_back() -> None:
    callbacks = len(gc.callbacks)
    try:
        with looking_once():
            gc.collect()
            raise ValueError
    except ValueError:
        pass
    assert (gc.get_freeze_count(), len(gc.callbacks)) == (0, callbacks)
