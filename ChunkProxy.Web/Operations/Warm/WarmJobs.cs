using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Warming;

namespace ChunkProxy.Web.Operations.Warm;

/// <summary>The warm-ups of this process: the running ones, and the last ended ones.</summary>
internal sealed partial class WarmJobs(IChunkReader reader, ObjectWarmer warmer, TimeProvider time, ILogger<WarmJobs> log) : IHostedService
{
    /// <summary>Most concurrent warm-ups. Each member separately bounds its fetches for all of them.</summary>
    public const int MostRunning = 16;

    private const int MostEnded = 100;

    private readonly Lock _gate = new();
    private readonly List<(WarmJob Job, Task Run)> _jobs = []; // oldest first; guarded by _gate
    private bool _isStopping; // guarded by _gate

    /// <summary>All warm-ups, newest first.</summary>
    public IReadOnlyList<WarmJob> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _jobs.Select(it => it.Job).Reverse()];
            }
        }
    }

    public WarmJob? Find(string id) => All.FirstOrDefault(job => job.Id == id);

    /// <summary>Starts a warm-up. Returns null if too many are running.</summary>
    /// <param name="id">The object.</param>
    /// <param name="range">A Range field; null: the whole object.</param>
    /// <param name="bytesPerSecond">Limit of its fetches; null: none.</param>
    public WarmJob? Start(ObjectId id, string? range, long? bytesPerSecond = null)
    {
        lock (_gate)
        {
            if (_isStopping || _jobs.Count(it => it.Job.IsRunning) >= MostRunning)
            {
                return null;
            }

            ForgetOldest();
            var job = new WarmJob(id, range, bytesPerSecond, time.GetUtcNow());
            _jobs.Add((job, Task.Run(() => RunAsync(job))));
            return job;
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _isStopping = true;
            _jobs.ForEach(it => it.Job.Cancel());
            return Task.WhenAll(_jobs.Select(it => it.Run)).WaitAsync(cancellationToken);
        }
    }

    private void ForgetOldest()
    {
        var ended = _jobs.Where(it => it.Run.IsCompleted).ToList();
        foreach (var old in ended.Take(ended.Count - MostEnded + 1))
        {
            _jobs.Remove(old);
        }
    }

    private async Task RunAsync(WarmJob job)
    {
        await job.RunAsync(reader, warmer, time, defect => LogUnexpectedError(defect, job.Id));
        var end = job.Read();
        LogEnd(end.Id, end.Path, end.State, end.ChunksDone, end.Chunks, end.Reason ?? "no error");
    }

    [LoggerMessage(1, LogLevel.Information, "Warm-up {Id} of {Path}: {State}, {ChunksDone} of {Chunks} chunks, {Reason}")]
    private partial void LogEnd(string id, string path, WarmState state, long chunksDone, long chunks, string reason);

    [LoggerMessage(2, LogLevel.Error, "Unexpected error: warm-up {Id} failed")]
    private partial void LogUnexpectedError(Exception defect, string id);
}
