using ChunkProxy.Cache.Concurrency;

namespace ChunkProxy.Cache.Tests.Concurrency;

public sealed class SharedWorkTests
{
    private readonly TaskCompletionSource<int> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<CancellationToken> _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SharedWork<int> _work;
    private bool _heeds = true;
    private int _runs;
    private int _endings;

    public SharedWorkTests() => _work = new SharedWork<int>(
        unwanted =>
        {
            _runs++;
            _begun.SetResult(unwanted);
            return _heeds ? _result.Task.WaitAsync(unwanted) : _result.Task;
        },
        _ => Interlocked.Increment(ref _endings));

    [Fact]
    public async Task Join_SeveralCallers_ShareOneRun()
    {
        var (one, other) = (_work.Join(), _work.Join());
        _result.SetResult(7);

        Assert.Equal((7, 7, 1), (await one, await other, _runs));
        _work.Leave();
        _work.Leave();
        Assert.False((await _begun.Task).IsCancellationRequested);
        Assert.Equal(1, _endings);
    }

    [Fact]
    public async Task Leave_OneOfTwo_WorkGoesOn()
    {
        var work = _work.Join();
        _ = _work.Join();
        _work.Leave();

        Assert.False((await _begun.Task).IsCancellationRequested);
        _result.SetResult(7);
        Assert.Equal(7, await work);
    }

    [Fact]
    public async Task Leave_TheLast_Cancels()
    {
        var work = _work.Join();
        await _begun.Task;
        _work.Leave();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => work);
        Assert.Equal(1, _endings);
    }

    [Fact]
    public async Task Join_WorkThatFinishesAlthoughItWasCancelled_GetsTheResult()
    {
        _heeds = false;
        _ = _work.Join();
        await _begun.Task;
        _work.Leave();

        var late = _work.Join();
        _result.SetResult(7);

        Assert.Equal((7, 1), (await late, _runs));
    }
}
