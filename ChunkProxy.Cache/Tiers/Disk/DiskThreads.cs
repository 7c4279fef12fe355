namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>Dedicated threads for blocking file I/O. A slow disk blocks neither callers nor the thread pool.</summary>
/// <remarks>
/// A single thread runs its work in the order of posting. Work that is cancelled while queued never runs; work that has begun runs to its end.
/// Continuations of awaiting callers run on the thread pool, not here.
/// </remarks>
internal sealed class DiskThreads : TaskScheduler, IAsyncDisposable
{
    private readonly LinkedList<Task> _queue = []; // guarded by its own lock; pulsed on new work and at the end
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _count;
    private readonly int _queueLimit;
    private int _running;
    private bool _isEnding;

    /// <param name="name">Thread name, for debuggers.</param>
    /// <param name="count">Number of threads.</param>
    /// <param name="queueLimit">Queue length at which <see cref="IsFull"/> becomes true.</param>
    public DiskThreads(string name, int count, int queueLimit = int.MaxValue)
    {
        _count = count;
        _queueLimit = queueLimit;
        _running = count;
        for (var i = 0; i < count; i++)
        {
            new Thread(Run) { Name = name, IsBackground = true }.Start();
        }
    }

    /// <summary>Whether the queue has reached its limit.</summary>
    public bool IsFull
    {
        get
        {
            lock (_queue)
            {
                return _queue.Count >= _queueLimit;
            }
        }
    }

    public override int MaximumConcurrencyLevel => _count;

    public Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        // Not StartNew: its tasks observe a cancellation only when a thread takes them.
        var task = new Task<T>(work, cancellationToken, TaskCreationOptions.DenyChildAttach | TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            task.Start(this);
        }
        catch (InvalidOperationException) when (task.IsCanceled)
        {
            // cancelled before it was queued
        }

        return task;
    }

    /// <summary>Posts work that is not awaited and handles its own faults. Returns false once the threads are ending.</summary>
    public bool TryPost(Action work)
    {
        try
        {
            _ = Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this);
            return true;
        }
        catch (TaskSchedulerException)
        {
            return false;
        }
    }

    /// <summary>Completes all posted work and accepts no more.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_queue)
        {
            _isEnding = true;
            Monitor.PulseAll(_queue);
        }

        await _ended.Task;
    }

    protected override void QueueTask(Task task)
    {
        lock (_queue)
        {
            ObjectDisposedException.ThrowIf(_isEnding, this);
            _queue.AddLast(task);
            Monitor.Pulse(_queue);
        }
    }

    // Called for a task that is cancelled while queued.
    protected override bool TryDequeue(Task task)
    {
        lock (_queue)
        {
            return _queue.Remove(task);
        }
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (_queue)
        {
            return [.. _queue];
        }
    }

    private void Run()
    {
        while (Next() is { } task)
        {
            TryExecuteTask(task);
        }

        if (Interlocked.Decrement(ref _running) == 0)
        {
            _ended.SetResult();
        }
    }

    private Task? Next()
    {
        lock (_queue)
        {
            while (_queue.First is null && !_isEnding)
            {
                Monitor.Wait(_queue);
            }

            var next = _queue.First?.Value;
            if (next is not null)
            {
                _queue.RemoveFirst();
            }

            return next;
        }
    }
}
