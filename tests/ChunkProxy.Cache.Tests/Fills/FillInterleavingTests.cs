using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Fills;
using ChunkProxy.Cache.Reads;
using CsCheck;

namespace ChunkProxy.Cache.Tests.Fills;

public sealed class FillInterleavingTests
{
    private const int Length = 10_000;
    private const int FinishLimit = 1000;

    // Readers, holds, runs and purges arrive and leave at random. The test handles each decision as the fill does.
    [Fact]
    public void Lifecycle_AnyInterleaving_BringsEveryWaitedForByteOrEnds() =>
        Gen.Select(Gen.Int[0, 99], Gen.Int[0, Length - 1]).Array[1, 150].Sample(steps =>
        {
            var plan = new FillPlan(Length, Extents.None);
            var life = new FillLifecycle(plan, FinishLimit, finishFactor: 1) { HeldFor = 1 };
            var readers = new List<Waiter>();
            var runs = new List<FillRun>();

            void Start(FillRun? run)
            {
                if (run is not null)
                {
                    Assert.False(life.IsStopping);
                    run.Expect(0);
                    runs.Add(run);
                }
            }

            void EndOf(FillRun run, ChunkReadException? failure)
            {
                runs.Remove(run);
                life.End(run, failure);
                while (life.NextRun() is { } next)
                {
                    Start(next);
                }
            }

            void Advance(FillRun run, int count)
            {
                run.Advance(Math.Min(count, run.Limit - run.Position), TimeSpan.Zero);
                life.AddReceived(ChunkSource.Origin);
                if (run.IsDone)
                {
                    EndOf(run, failure: null);
                }
            }

            Start(life.Want(steps[0].Item2));
            foreach (var (what, where) in steps)
            {
                var run = runs.Count > 0 ? runs[where % runs.Count] : null;
                switch (what)
                {
                    case < 30 when !life.IsStopping:
                        var reader = new Waiter(plan.FilledEnd(where) > where ? -1 : where) { Wanted = Length - where };
                        life.Join(reader);
                        readers.Add(reader);
                        Start(life.Want(new Slice(0, where, reader.Wanted)));
                        break;
                    case < 50 when readers.Count > 0:
                        var leaving = readers[where % readers.Count];
                        readers.Remove(leaving);
                        life.Leave(leaving);
                        life.StopIfUnwanted();
                        break;
                    case < 80 when run is not null:
                        Advance(run, 1 + (where / 8));
                        break;
                    case < 95 when run is not null:
                        EndOf(run, failure: null); // it broke off
                        break;
                    case 95:
                        life.HeldFor = 0; // its time is over
                        life.StopIfUnwanted();
                        break;
                    case 96 or 97 when run is not null:
                        EndOf(run, new ChunkReadException(ProxyError.OriginFailed, "no"));
                        break;
                    case 98 when life.Ending is null:
                        life.Condemn();
                        break;
                }

                if (!life.IsStopping)
                {
                    Assert.Equal(runs.Count > 0, plan.HasRuns);
                    Assert.All(readers, it => Assert.True(it.WaitsFor < 0 || plan.FilledEnd(it.WaitsFor) > it.WaitsFor || plan.HasRuns, "a reader waits for ever"));
                }
            }

            life.HeldFor = 0;
            life.StopIfUnwanted();
            while (runs.Count > 0)
            {
                Advance(runs[0], Length);
            }

            Assert.All(readers, it => Assert.True(life.Failure is not null || it.WaitsFor < 0 || plan.FilledEnd(it.WaitsFor) > it.WaitsFor, "a reader is left without its bytes and without a reason"));
            readers.ForEach(life.Leave);
            life.StopIfUnwanted();
            while (runs.Count > 0)
            {
                Advance(runs[0], Length);
            }

            Assert.NotNull(life.Ending);
            Assert.Equal(plan.IsComplete && life.Failure is not { Error: ProxyError.VersionChanged }, life.Ending is FillOutcome.Completed);
        }, iter: 2000);
}
