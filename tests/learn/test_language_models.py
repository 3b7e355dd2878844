"""Tasks from transformers models: a tiny one with random weights stands for those that are pretrained."""

import math
import shutil
from textwrap import dedent

import pytest
import torch
from peft import PeftModel
from safetensors import safe_open
from tokenizers import Tokenizer, models
from torch.nn.functional import log_softmax
from transformers import AutoModelForCausalLM, LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from derelay.baton.errors import BatonError
from derelay.cli.genesis import make_genesis
from derelay.learn import ArchiveError, TaskError, load_task, paired_gain, task_hash, write_cases

LETTERS = ["\n", *map(chr, range(32, 127)), "?!"]
MINE = """
    from pydoc_data.topics import topics
    from peft import LoraConfig
    from derelay.learn.hf import CausalLanguageTask

    class Mine(CausalLanguageTask):
        name = "mine"
        base = {base!r}
        window = 24
        learning_rate = 0.02
        {more}

        def texts(self):
            return {{name: topics[name] for name in ("booleans", "if", "numbers", "while")}}
"""
LORA = 'adapter = LoraConfig(r=2, target_modules=["q_proj", "v_proj"])'


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    folder = tmp_path_factory.mktemp("base")
    with torch.random.fork_rng():
        torch.manual_seed(1)
        config = LlamaConfig(
            vocab_size=len(LETTERS),
            hidden_size=32,
            intermediate_size=64,
            num_hidden_layers=2,
            num_attention_heads=2,
            tie_word_embeddings=True,
        )
        LlamaForCausalLM(config).save_pretrained(folder)
    letters = Tokenizer(models.BPE({letter: i for i, letter in enumerate(LETTERS)}, [], unk_token="?!"))
    PreTrainedTokenizerFast(tokenizer_object=letters, unk_token="?!").save_pretrained(folder)
    return folder


@pytest.fixture
def task_of(base, tmp_path):
    def load(more=LORA, model=base):
        file = tmp_path / "mine.py"
        file.write_text(dedent(MINE).format(base=str(model), more=more))
        return load_task(str(file))

    return load


def trained(task, steps=6):
    model = task.model()
    task.train(model, task.cases()[0], steps, torch.Generator().manual_seed(1))
    return {name: tensor.clone() for name, tensor in model.state_dict().items()}


def test_an_adapter_is_all_that_is_handed_on_and_all_that_is_trained(task_of):
    task = task_of()
    first, second = task.model(), task.model()
    head = {name: tensor.clone() for name, tensor in first.state_dict().items()}
    assert len(head) == 8
    assert all("lora" in name and tensor.dtype == torch.float32 for name, tensor in head.items())
    assert all(torch.equal(tensor, second.state_dict()[name]) for name, tensor in head.items())
    frozen = {name: tensor.clone() for name, tensor in first.named_parameters() if not tensor.requires_grad}
    task.train(first, task.cases()[0], 3, torch.Generator().manual_seed(1))
    assert not torch.equal(first.state_dict()[next(iter(head))], head[next(iter(head))])
    assert all(torch.equal(first.get_parameter(name), tensor) for name, tensor in frozen.items())
    shared = {each.data_ptr() for each in first.parameters()} & {e.data_ptr() for e in second.parameters()}
    assert len(shared) == len(frozen)  # the base is in memory once


def test_a_model_in_full_has_each_tensor_once(task_of, base):
    state = task_of(more="").model().state_dict()
    plain = AutoModelForCausalLM.from_pretrained(base).state_dict()
    assert plain.keys() - state.keys() == {"lm_head.weight"}  # tied to the embeddings
    assert all(torch.equal(tensor, plain[name]) for name, tensor in state.items())
    with pytest.raises(TaskError, match="trains in full, which takes float32"):
        task_of(more="import torch; dtype = torch.bfloat16").model()


@pytest.mark.parametrize("more", [LORA, ""])
def test_a_leg_gains_on_text_that_it_did_not_see(task_of, more):
    task = task_of(more)
    head, (_, test) = task.model().state_dict(), task.cases()
    gain = paired_gain(task, head, trained(task, steps=20), test, alpha=1.0, clip=1.0)
    assert gain.mean_nano > 4 * gain.se_nano > 0


def test_scores_are_what_transformers_says_of_each_token(task_of, base):
    task = task_of()
    _, test = task.cases()
    with torch.no_grad():
        logits = AutoModelForCausalLM.from_pretrained(base)(test.inputs).logits
    expected = log_softmax(logits, -1).gather(-1, test.targets[..., None]).mean(dim=(1, 2))
    assert torch.allclose(task.score(task.model(), test), expected, atol=1e-5)
    metrics = task.metrics(task.model(), test)
    assert metrics["perplexity"] == pytest.approx(math.exp(-expected.mean()), rel=1e-4)
    booleans = expected[test.strata == 0].mean()
    assert metrics["perplexity_booleans"] == pytest.approx(math.exp(-booleans), rel=1e-4)
    assert 0 <= metrics["accuracy"] <= 1


def test_another_base_is_another_task_wherever_it_lies(task_of, base, tmp_path):
    by_its_variable = "import os; base = os.environ['BASE']"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BASE", str(base))
        here = task_hash(task_of(by_its_variable))
        shutil.copytree(base, tmp_path / "copy")
        (tmp_path / "copy" / "README.md").write_text("what people say of it")
        patch.setenv("BASE", str(tmp_path / "copy"))
        assert task_hash(task_of(by_its_variable)) == here
        weights = tmp_path / "copy" / "model.safetensors"
        weights.write_bytes(weights.read_bytes()[:-1] + b"\x01")
        assert task_hash(task_of(by_its_variable)) != here


def test_no_pickle_is_opened(task_of, tmp_path):
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "pytorch_model.bin").write_bytes(b"\x80\x04")
    with pytest.raises(TaskError, match=r"no pickle is ever opened"):
        task_of(model=tmp_path).model()


def test_own_texts_are_read_from_a_file_or_a_folder(task_of, tmp_path):
    task, folder = task_of(), tmp_path / "texts"
    folder.mkdir()
    (folder / "a.txt").write_text("abc" * 30)
    (folder / "b.jsonl").write_text('{"text": "def"}\n{"text": "ghi"}\n' * 10)
    alone, all_of_it = task.read(folder / "a.txt"), task.read(folder)
    assert (len(alone), len(all_of_it)) == (90 // 25, 150 // 25)
    assert [LETTERS[token] for token in alone.inputs[0, :4]] == ["a", "b", "c", "a"]
    assert torch.equal(alone.inputs[0, 1:], alone.targets[0, :-1])
    write_cases(alone, tmp_path / "cases.npz")
    assert torch.equal(task.read(tmp_path / "cases.npz").inputs, alone.inputs)
    (folder / "b.jsonl").write_text('{"words": 3}\n')
    with pytest.raises(ArchiveError, match=r"b\.jsonl, line 1: not of the form"):
        task.read(folder)
    with pytest.raises(ArchiveError, match="no text is there"):
        task.read(tmp_path / "cases.csv")


def test_two_processes_train_the_leg_of_one(task_of):
    one, two = trained(task_of()), trained(task_of(LORA + "; processes = 2"))
    head = task_of().model().state_dict()
    for name, tensor in two.items():
        assert torch.allclose(tensor, one[name], atol=1e-6)
        assert not torch.equal(tensor, head[name])
    with pytest.raises(TaskError, match="a batch of 4 cannot be parted among 3"):
        trained(task_of(LORA + "; processes = 3"))


@pytest.mark.parametrize("more", [LORA, ""])
def test_a_head_goes_to_a_hugging_face_folder_and_back(task_of, base, tmp_path, more):
    task = task_of(more)
    state, folder = trained(task), tmp_path / "head"
    task.write_folder(state, folder, {"derelay.version": "3"})
    back = task.read_folder(folder)
    assert back.keys() == state.keys()
    assert all(torch.equal(tensor, state[name]) for name, tensor in back.items())
    theirs = AutoModelForCausalLM.from_pretrained(base if more else folder)
    theirs = PeftModel.from_pretrained(theirs, folder) if more else theirs
    ours, (_, test) = task.model(), task.cases()
    ours.load_state_dict(state)
    assert torch.allclose(task.score(theirs, test), task.score(ours, test), atol=1e-5)
    with safe_open(next(folder.glob("*.safetensors")), framework="pt") as file:
        assert file.metadata() == {"format": "pt", "derelay.version": "3"}
    assert not [file for file in folder.glob("*.json") if str(base) in file.read_text()]


def test_a_relay_can_begin_with_a_hugging_face_folder(task_of, base, tmp_path):
    task = task_of(more="")
    genesis = make_genesis(task, base, None)
    assert genesis.origin is None
    plain = AutoModelForCausalLM.from_pretrained(base).state_dict()
    assert all(torch.equal(tensor, plain[name]) for name, tensor in genesis.baton.tensors.items())
    config = LlamaConfig(vocab_size=97, hidden_size=16, num_hidden_layers=1, num_attention_heads=2)
    LlamaForCausalLM(config).save_pretrained(tmp_path / "other")
    with pytest.raises(BatonError, match="another model than this task's"):
        make_genesis(task, tmp_path / "other", None)
    with pytest.raises(TaskError, match="no model is there"):
        make_genesis(task, tmp_path, None)


def test_a_folder_of_another_adapter_is_no_genesis(task_of, tmp_path):
    other = task_of(LORA.replace("r=2", "r=3"))
    other.write_folder(other.model().state_dict(), tmp_path / "r3", {})
    wide = task_of(LORA.replace('"v_proj"', '"v_proj", "o_proj"'))
    wide.write_folder(wide.model().state_dict(), tmp_path / "wide", {})
    with pytest.raises(TaskError, match=r"holds no adapter of task 'mine' \(size mismatch"):
        task_of().read_folder(tmp_path / "r3")
    with pytest.raises(TaskError, match="other tensors than that of task"):
        task_of().read_folder(tmp_path / "wide")
    with pytest.raises(TaskError, match="holds no adapter of task"):
        task_of().read_folder(tmp_path)
