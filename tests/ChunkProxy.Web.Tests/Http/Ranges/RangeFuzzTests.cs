using ChunkProxy.Testing.Fuzzing;
using ChunkProxy.Web.Http.Ranges;

namespace ChunkProxy.Web.Tests.Http.Ranges;

public sealed class RangeFuzzTests
{
    [Fact]
    public void Resolve_AnyField_LiesWithinTheObject() => Fuzz.Text(
        ["bytes=0-99", "bytes=-5", "bytes=100-", "bytes=0-0,5-9, 20-", "items=0-1", "bytes=0-9223372036854775807"],
        text =>
        {
            foreach (var size in new[] { 0, 1, 1000, long.MaxValue })
            {
                var outcome = RangeOutcome.Resolve(RangeHeader.Parse(text, maxRanges: 16), size);
                if (outcome.Ending is not RangeEnding.Unsatisfiable)
                {
                    Assert.InRange(outcome[0].Start, 0, size);
                    Assert.InRange(outcome[0].End, outcome[0].Start, size);
                }
            }
        });
}
