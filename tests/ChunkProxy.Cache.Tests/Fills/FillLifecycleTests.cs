using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Fills;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Tests.Fills;

public sealed class FillLifecycleTests
{
    private const int Length = 10_000;
    private const int FinishLimit = 1000;

    private readonly FillPlan _plan = new(Length, Extents.None);
    private readonly FillLifecycle _life;

    public FillLifecycleTests() => _life = new FillLifecycle(_plan, FinishLimit, finishFactor: null);

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
        _life.HeldFor = 1;
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

    [Theory]
    [InlineData(ChunkSource.Origin, 99, true)]
    [InlineData(ChunkSource.Origin, 100, false)]
    [InlineData(ChunkSource.Disk, 0, false)]
    public void StopIfUnwanted_LittleIsMissingAndLittleWasRead_StopsUnlessItIsOnTheDisk(ChunkSource source, int read, bool stops)
    {
        var life = new FillLifecycle(_plan, FinishLimit, finishFactor: 5);
        var (one, other) = (new Waiter(-1) { ReadBytes = read }, new Waiter(-1) { ReadBytes = 100 });
        life.Join(one);
        life.Join(other);
        life.Want(0)!.Advance(Length - 1000, TimeSpan.Zero);
        life.AddReceived(source);

        life.Leave(one);
        Assert.False(life.StopIfUnwanted());
        life.Leave(other);

        Assert.Equal(stops, life.StopIfUnwanted());
    }

    [Theory]
    [InlineData(null, Length)]
    [InlineData(0, 400)]
    [InlineData(2, 600)]
    [InlineData(64, 6800)]
    [InlineData(1_048_576, Length)]
    public void EndAtOrigin_IsAsManyTimesWhatReadersWant(int? factor, int end)
    {
        var life = new FillLifecycle(_plan, FinishLimit, factor) { HeldFor = 100 };
        var run = life.Want(300)!;
        Assert.Equal(end, life.EndAtOrigin(run));

        life.Join(new Waiter(300) { Wanted = 100 });

        Assert.Equal(end, life.EndAtOrigin(run)); // it is the one that the fill was held for
    }

    [Fact]
    public void EndAtOrigin_TheOnlyReaderHasLeft_IsNoEmptyRange()
    {
        var life = new FillLifecycle(_plan, FinishLimit, finishFactor: 0) { HeldFor = 1 };
        var run = life.Want(300)!;
        life.HeldFor = 0;

        Assert.Equal(301, life.EndAtOrigin(run));
    }

    [Theory]
    [InlineData(ChunkSource.Origin, false)]
    [InlineData(ChunkSource.Disk, true)]
    public void NextRun_FarMoreIsMissingThanReadersWant_BringsItFromTheDiskOnly(ChunkSource source, bool isBrought)
    {
        var life = new FillLifecycle(_plan, FinishLimit, finishFactor: 5);
        var reader = new Waiter(-1) { Wanted = 100, ReadBytes = 100 };
        life.Join(reader);
        var run = life.Want(300)!;
        run.Limit = 600;
        run.Advance(300, TimeSpan.Zero);
        life.AddReceived(source);

        life.End(run, failure: null);

        Assert.Equal(isBrought, life.NextRun() is not null);
        Assert.False(life.IsStopping); // the reader may request more
        life.Leave(reader);
        Assert.Equal(!isBrought, life.StopIfUnwanted() && life.Ending is FillOutcome.Abandoned);
    }

    [Fact]
    public void StopIfUnwanted_LittleIsMissingButNothingWasBrought_Stops()
    {
        var life = new FillLifecycle(new FillPlan(Length, Extents.Of([(0, Length - 1)])), FinishLimit, finishFactor: null);
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
}
