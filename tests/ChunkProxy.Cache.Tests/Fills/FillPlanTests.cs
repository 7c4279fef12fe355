using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Fills;
using CsCheck;

namespace ChunkProxy.Cache.Tests.Fills;

public sealed class FillPlanTests
{
    private const int MiB = 1024 * 1024;

    [Fact]
    public void Want_FirstReader_RunsFromTheWantedByteToTheEnd()
    {
        var plan = new FillPlan(MiB, Extents.None);
        var run = plan.Want(700_000)!;
        Assert.Equal((700_000, MiB), (run.Position, run.Limit));
    }

    [Fact]
    public void Want_ByteWithinARunsReach_StartsNothing()
    {
        var plan = new FillPlan(16 * MiB, Extents.None);
        var run = plan.Want(0)!;
        Assert.Null(plan.Want(15 * MiB)); // nothing is known of its speed yet
        run.Expect(2 * MiB);
        Assert.Null(plan.Want(2 * MiB));
        run.Expect(0);
        Assert.Null(plan.Want(FillRun.ShortestReach));
    }

    [Fact]
    public void Want_ByteBeyondARunsReach_TakesOverTheRest()
    {
        var plan = new FillPlan(16 * MiB, Extents.None);
        var first = plan.Want(0)!;
        first.Expect(0);
        var second = plan.Want(8 * MiB)!;
        Assert.Equal(8 * MiB, first.Limit);
        Assert.Equal((8 * MiB, 16 * MiB), (second.Position, second.Limit));
    }

    [Fact]
    public void Want_ByteBeforeTheRun_FillsTheGapBeforeIt()
    {
        var plan = new FillPlan(16 * MiB, Extents.None);
        plan.Want(8 * MiB);
        var front = plan.Want(1 * MiB)!;
        Assert.Equal((1 * MiB, 8 * MiB), (front.Position, front.Limit));
    }

    [Fact]
    public void ExtendToFront_RunThatBroughtNothing_BeginsAtItsGap()
    {
        var plan = new FillPlan(1000, Extents.Of([(0, 100)]));
        var run = plan.Want(500)!;
        plan.ExtendToFront(run, 0);
        Assert.Equal(100, run.Position);
        plan.ExtendToFront(run, 300);
        Assert.Equal(100, run.Position);
    }

    [Fact]
    public void NextGap_NothingMissing_IsNull() => Assert.Null(new FillPlan(1000, Extents.Of([(0, 1000)])).NextGap());

    // Random readers and runs that advance by random steps, break off, and are followed by others.
    [Fact]
    public void Plan_AnyInterleaving_FillsEveryByteOnceAndNothingElse() =>
        Gen.Select(Gen.Int[1, 3_000_000], Gen.Int[0, 1_000_000].Array[1, 200]).Sample((length, steps) =>
        {
            var plan = new FillPlan(length, Extents.None);
            var underWay = new List<FillRun>();
            var times = new byte[length];
            var turn = 0;

            void Begin(FillRun? run)
            {
                if (run is not null)
                {
                    run.Expect(0);
                    underWay.Add(run);
                }
            }

            void AdvanceAll(int step, bool breakOff)
            {
                foreach (var run in underWay.ToArray())
                {
                    var count = Math.Min(Math.Min(step + 1, FillPlan.LongestPiece), run.Limit - run.Position);
                    foreach (ref var time in times.AsSpan(run.Position, count))
                    {
                        time++;
                    }

                    run.Position += count;
                    if (run.IsDone || breakOff)
                    {
                        plan.End(run);
                        underWay.Remove(run);
                    }
                }
            }

            foreach (var step in steps)
            {
                var offset = step % length;
                Assert.Equal(times[offset] == 1, plan.FilledEnd(offset) > offset);
                if (times[offset] == 0)
                {
                    Begin(plan.Want(offset));
                }

                AdvanceAll(step % 100_000, breakOff: ++turn % 7 == 0);
            }

            while (!plan.IsComplete)
            {
                Begin(plan.NextGap());
                Assert.NotEmpty(underWay);
                AdvanceAll(1_000_000, breakOff: false);
            }

            Assert.All(Enumerable.Range(0, times.Length).Where(i => times[i] != 1), i => Assert.Fail($"byte {i} was filled {times[i]} times"));
            Assert.Equal(0, plan.Missing);
        }, iter: 200);
}
