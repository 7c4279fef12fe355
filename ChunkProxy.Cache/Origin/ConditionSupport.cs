using System.Collections.Concurrent;
using ChunkProxy.Cache.Telemetry;

namespace ChunkProxy.Cache.Origin;

/// <summary>Remembers which conditional fields the origin does not support, so that each is detected once and not with every chunk.</summary>
/// <remarks>
/// A condition saves bytes when an object has changed. Correctness does not depend on it, since the validators of every response are compared. A
/// field that the origin rejects is therefore omitted until this process ends.
/// </remarks>
internal sealed class ConditionSupport(ILogger<ConditionSupport> log)
{
    private readonly ConcurrentDictionary<string, bool> _works = new();

    /// <summary>Returns whether to send the field: true unless it is known not to work.</summary>
    public bool MaySend(string field) => _works.GetValueOrDefault(field, true);

    /// <summary>
    /// Returns whether the status may be about the condition rather than the object, so that one retry without the field is worthwhile.
    /// </summary>
    public bool MayBeRejected(string field, int status) => status is 400 or 412 or 501 && !_works.ContainsKey(field);

    /// <summary>Records the result of that retry.</summary>
    /// <param name="field">The condition's field.</param>
    /// <param name="works">Whether the object had really changed.</param>
    public void Note(string field, bool works)
    {
        if (_works.TryAdd(field, works) && !works)
        {
            log.ConditionNotSupported(field);
        }
    }
}
