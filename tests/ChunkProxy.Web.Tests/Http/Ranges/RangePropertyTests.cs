using ChunkProxy.Cache.Chunks;
using ChunkProxy.Web.Http.Ranges;
using CsCheck;
using Microsoft.Extensions.Primitives;

namespace ChunkProxy.Web.Tests.Http.Ranges;

public sealed class RangePropertyTests
{
    private static readonly Gen<string> Position = Gen.OneOf(
        Gen.Int[0, 120].Select(number => number.ToString(System.Globalization.CultureInfo.InvariantCulture)), Gen.Const(""), Gen.Const("99999999999999999999"));

    private static readonly Gen<string> Spec = Gen.Select(Position, Position, (first, last) => $"{first}-{last}");

    private static readonly Gen<string> AnyText = Gen.OneOf(
        Gen.String,
        Gen.String[Gen.Char["0123456789-, \tbytes="], 0, 40],
        Gen.String[Gen.Char["0123456789-, \t"], 0, 40].Select(set => "bytes=" + set));

    [Fact]
    public void Parse_AnyText_EndsWithAName() =>
        Gen.Select(AnyText, Gen.Long[0, long.MaxValue]).Sample(
            (text, size) =>
            {
                var outcome = RangeOutcome.Resolve(RangeHeader.Parse(new StringValues(text), 16), size);
                AssertInOrder(outcome, size);
            },
            iter: 20_000);

    // The model marks each requested byte of a small object. The response must contain exactly these, in runs that do not touch.
    [Fact]
    public void Resolve_AnySetOfRanges_SelectsExactlyTheRequestedBytes() =>
        Gen.Select(Spec.Array[1, 6], Gen.Int[0, 100]).Sample(
            (specs, size) =>
            {
                var (isValid, requested, total) = Model(specs, size);
                var outcome = RangeOutcome.Resolve(RangeHeader.Parse(new StringValues("bytes=" + string.Join(',', specs)), 16), size);

                if (!isValid || total > size)
                {
                    Assert.Equal(RangeEnding.Whole, outcome.Ending);
                    return;
                }

                if (requested.Count == 0)
                {
                    Assert.True(outcome.Ending == RangeEnding.Unsatisfiable || (outcome.Ending == RangeEnding.Whole && size == 0));
                    return;
                }

                Assert.Equal(requested, Bytes(outcome));
                AssertInOrder(outcome, size);
            },
            iter: 20_000);

    [Fact]
    public void Slices_AnyRange_JoinToExactlyThatRange() =>
        Gen.Select(Gen.Int[1, 50], Gen.Int[1, 500], Gen.Int[0, 499], Gen.Int[0, 499]).Sample((chunkSize, size, first, last) =>
        {
            var outcome = RangeOutcome.Resolve(RangeHeader.Parse(new StringValues($"bytes={first}-{last}"), 16), size);
            var layout = new ChunkLayout(chunkSize, size);
            var cursor = new ChunkProxy.Web.Http.Sending.SliceCursor(layout, outcome);
            var offset = outcome.Count == 0 ? 0 : outcome[0].Start;
            while (cursor.TryNext(out var slice))
            {
                Assert.Equal(offset, layout.StartOf(slice.ChunkIndex) + slice.Offset);
                Assert.InRange(slice.End, 1, layout.LengthOf(slice.ChunkIndex));
                offset += slice.Length;
            }

            Assert.Equal(outcome.Count == 0 ? 0 : outcome[0].End, offset);
        });

    private static (bool IsValid, SortedSet<int> Requested, long Total) Model(string[] specs, int size)
    {
        var requested = new SortedSet<int>();
        var total = 0L;
        foreach (var spec in specs)
        {
            var parts = spec.Split('-');
            if ((parts[0] == "" && parts[1] == "") || (parts[0] != "" && parts[1] != "" && Number(parts[1]) < Number(parts[0])))
            {
                return (false, requested, total);
            }

            var first = parts[0] == "" ? Math.Max(0, size - Number(parts[1])) : Number(parts[0]);
            var last = parts[0] == "" || parts[1] == "" ? size - 1 : Math.Min(size - 1, Number(parts[1]));
            for (var at = first; at <= last; at++, total++)
            {
                requested.Add((int)at);
            }
        }

        return (true, requested, total);
    }

    private static decimal Number(string digits) => decimal.Parse(digits, System.Globalization.CultureInfo.InvariantCulture);

    private static SortedSet<int> Bytes(in RangeOutcome outcome)
    {
        var bytes = new SortedSet<int>();
        for (var i = 0; i < outcome.Count; i++)
        {
            for (var at = outcome[i].Start; at < outcome[i].End; at++)
            {
                Assert.True(bytes.Add((int)at), "A byte is in two runs.");
            }
        }

        return bytes;
    }

    private static void AssertInOrder(in RangeOutcome outcome, long size)
    {
        for (var i = 0; i < outcome.Count; i++)
        {
            Assert.True(outcome[i].Start >= 0 && outcome[i].End <= size && (outcome[i].Start < outcome[i].End || size == 0));
            for (var j = 0; j < i; j++)
            {
                Assert.True(outcome[i].End < outcome[j].Start || outcome[j].End < outcome[i].Start, "Runs touch.");
            }
        }
    }
}
