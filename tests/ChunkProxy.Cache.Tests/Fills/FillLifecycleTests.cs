using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Fills;
using ChunkProxy.Cache.Reads;
using CsCheck;

namespace ChunkProxy.Cache.Tests.Fills;

public sealed class FillLifecycleTests
{
    private const int Length = 10_000;
    private const int FinishLimit = 1000;

    private readonly FillPlan _plan = new(Length, Extents.None);
    private readonly FillLifecycle _life;

    public FillLifecycleTests() => _life = new FillLifecycle(_plan, FinishLimit);

    [Fact]
    public void Ending_AllBytesAreThere_IsCompleted()
    {
        var run = _life.Want(0)!;
        Bring(run, Length);
        Assert.Null(_life.Ending); // the run has not returned
        End(run);
        Assert.Equal(FillOutcome.Completed, _life.Ending);
    }

    [Fact]
    public void Ending_NobodyIsLeft_IsAbandonedWhenTheLastRunIsHome()
    {
        var reader = Join();
        var run = _life.Want(0)!;
        Assert.False(_life.StopIfUnwanted());
        _life.Leave(reader);

        Assert.True(_life.StopIfUnwanted());
        Assert.False(_life.StopIfUnwanted()); // it is stopping already
        Assert.Null(_life.Ending);
        End(run);
        Assert.Equal(FillOutcome.Abandoned, _life.Ending);
    }

    [Fact]
    public void Ending_ARunFails_IsFailedWhenTheOthersAreHome()
    {
        Join();
        var (one, other) = (_life.Want(5000)!, _life.Want(0)!);
        var failure = new ChunkReadException(ProxyError.OriginFailed, "no");

        _life.End(one, failure);
        _life.End(other, new ChunkReadException(ProxyError.OriginTimedOut, "a consequence"));

        Assert.Same(failure, _life.Failure);
        Assert.Null(_life.NextRun()); // although there is a reader
        Assert.Equal(FillOutcome.Failed, _life.Ending);
    }

    [Fact]
    public void Ending_TheLastByteCameBeforeTheFailure_IsCompleted()
    {
        var run = _life.Want(0)!;
        Bring(run, Length);
        _life.End(run, new ChunkReadException(ProxyError.OriginTimedOut, "after the last byte"));
        Assert.Equal(FillOutcome.Completed, _life.Ending);
    }

    [Fact]
    public void Ending_TheVersionChanged_IsSoThoughAllBytesAreThere()
    {
        var run = _life.Want(0)!;
        Bring(run, Length);
        _life.End(run, new ChunkReadException(ProxyError.VersionChanged, "another"));
        Assert.Equal(FillOutcome.VersionChanged, _life.Ending);
    }

    [Fact]
    public void Condemn_AfterAnotherFailure_KeepsNothing()
    {
        var (one, other) = (_life.Want(5000)!, _life.Want(0)!);
        _life.End(one, new ChunkReadException(ProxyError.OriginFailed, "no"));
        _life.Condemn();
        End(other);
        Assert.Equal((FillOutcome.VersionChanged, ProxyError.VersionChanged), (_life.Ending, _life.Failure!.Error));
    }

    [Fact]
    public void Want_FillIsStopping_StartsNothing()
    {
        _life.StopIfUnwanted();
        Assert.Null(_life.Want(0));
    }

    [Fact]
    public void StopIfUnwanted_SomebodyIsAboutToJoin_GoesOn()
    {
        _life.IsHeld = true;
        Assert.False(_life.StopIfUnwanted());

        _life.Leave(Join()); // and is gone again
        Assert.False(_life.IsHeld);
        Assert.True(_life.StopIfUnwanted());
    }

    [Theory]
    [InlineData(FinishLimit, false)]
    [InlineData(FinishLimit + 1, true)]
    public void StopIfUnwanted_LittleIsMissing_GoesOn(int missing, bool stops)
    {
        Bring(_life.Want(0)!, Length - missing);
        Assert.Equal(stops, _life.StopIfUnwanted());
    }

    [Fact]
    public void StopIfUnwanted_LittleIsMissingButNothingWasBrought_Stops()
    {
        var life = new FillLifecycle(new FillPlan(Length, Extents.Of([(0, Length - 1)])), FinishLimit);
        Assert.True(life.StopIfUnwanted());
    }

    [Fact]
    public void NextRun_AReaderIsThere_BringsWhatIsMissing()
    {
        Join();
        var run = _life.Want(4000)!;
        Bring(run, 6000);
        End(run);
        var front = _life.NextRun()!;
        Assert.Equal((0, 4000), (front.Position, front.Limit));
        Assert.Null(_life.NextRun());
        Assert.False(_life.IsStopping);
    }

    [Fact]
    public void NextRun_ReadersWait_BeginsWhereTheyDo()
    {
        Join(waitsFor: 7000);
        Join(waitsFor: 3000);
        var broken = _life.Want(0)!;
        Bring(broken, 3500);
        _life.End(broken, failure: null);

        var next = _life.NextRun()!;

        Assert.Equal((7000, Length), (next.Position, next.Limit)); // the other's byte is present
        Assert.Null(_life.NextRun());
    }

    [Fact]
    public void NextRun_NobodyIsLeftAndMuchIsMissing_StopsTheFill()
    {
        var run = _life.Want(4000)!;
        Bring(run, 6000);
        _life.End(run, failure: null);
        Assert.Null(_life.NextRun());
        Assert.Equal(FillOutcome.Abandoned, _life.Ending);
    }

    [Fact]
    public void HasBroughtFromElsewhere_OnlyTheDisk_IsFalse()
    {
        _life.AddReceived(ChunkSource.Disk);
        Assert.False(_life.HasReadElsewhere);
        _life.AddReceived(ChunkSource.Origin);
        _life.AddReceived(ChunkSource.Disk);
        Assert.Equal((true, ChunkSource.Disk), (_life.HasReadElsewhere, _life.Source));
    }

    // Readers, holds, runs and purges arrive and leave at random. The test handles each decision as the fill does.
    [Fact]
    public void Lifecycle_AnyInterleaving_BringsEveryWaitedForByteOrEnds() =>
        Gen.Select(Gen.Int[0, 99], Gen.Int[0, Length - 1]).Array[1, 150].Sample(steps =>
        {
            var plan = new FillPlan(Length, Extents.None);
            var life = new FillLifecycle(plan, FinishLimit) { IsHeld = true };
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
                        var reader = new Waiter(plan.FilledEnd(where) > where ? -1 : where);
                        life.Join(reader);
                        readers.Add(reader);
                        Start(reader.WaitsFor < 0 ? null : life.Want(where));
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
                        life.IsHeld = false; // its time is over
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

            life.IsHeld = false;
            life.StopIfUnwanted();
            while (runs.Count > 0)
            {
                Advance(runs[0], Length);
            }

            Assert.NotNull(life.Ending);
            Assert.Equal(plan.IsComplete && life.Failure is not { Error: ProxyError.VersionChanged }, life.Ending is FillOutcome.Completed);
            Assert.True(readers.Count == 0 || life.Failure is not null || life.Ending is FillOutcome.Completed, "a reader is left without its bytes and without a reason");
        }, iter: 2000);

    private Waiter Join(int waitsFor = -1)
    {
        var reader = new Waiter(waitsFor);
        _life.Join(reader);
        return reader;
    }

    private void Bring(FillRun run, int count)
    {
        run.Advance(count, TimeSpan.Zero);
        _life.AddReceived(ChunkSource.Origin);
    }

    // As the fill does.
    private void End(FillRun run)
    {
        _life.End(run, failure: null);
        if (_life.IsStopping || _life.Plan.IsComplete)
        {
            Assert.Null(_life.NextRun());
        }
    }

    private sealed class Waiter(int waitsFor) : IByteWaiter
    {
        public int WaitsFor => waitsFor;
    }
}
