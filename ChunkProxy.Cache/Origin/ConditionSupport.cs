using System.Collections.Concurrent;
using ChunkProxy.Cache.Telemetry;

namespace ChunkProxy.Cache.Origin;

/// <summary>Remembers which conditional fields the origin cannot handle, so that it is noticed once and not with every chunk.</summary>
/// <remarks>
/// A condition saves bytes when an object has changed; it is never needed for the bytes to be right, since the validators of every answer are compared.
/// So a field that the origin refuses is left out from then on, until this process ends.
/// </remarks>
internal sealed class ConditionSupport(ILogger<ConditionSupport> log)
{
    private readonly ConcurrentDictionary<string, bool> _works = new();

    /// <summary>The field is sent: it works, as far as is known.</summary>
    public bool MaySend(string field) => _works.GetValueOrDefault(field, true);

    /// <summary>This status may be about the condition itself and not about the object: worth one more request, without the field.</summary>
    public bool IsInDoubt(string field, int status) => status is 400 or 412 or 501 && !_works.ContainsKey(field);

    /// <summary>The second request has told which it was.</summary>
    /// <param name="field">The condition's field.</param>
    /// <param name="works">The object had indeed changed.</param>
    public void Note(string field, bool works)
    {
        if (_works.TryAdd(field, works) && !works)
        {
            log.ConditionNotSupported(field);
        }
    }
}
