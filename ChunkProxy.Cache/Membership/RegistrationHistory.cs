namespace ChunkProxy.Cache.Membership;

/// <summary>
/// Detects registrations that were replaced or removed before: a client of etcd can write them again, and their proof is valid.
/// </summary>
/// <remarks>
/// A process numbers its registrations. One with a lower number than was seen of that process is old, and so is one with the same number after
/// another process took over the address, or after the key was removed. A process that is alive registers again, with a higher number.
/// </remarks>
internal sealed class RegistrationHistory
{
    /// <summary>Most processes remembered. The one that was seen first is forgotten.</summary>
    public const int Most = 4096;

    private readonly Dictionary<Guid, (long Number, bool HasEnded)> _seen = [];
    private readonly Queue<Guid> _order = new();

    public bool IsOld(MemberRegistration registration) =>
        _seen.TryGetValue(registration.Instance, out var last)
        && (registration.Number < last.Number || (registration.Number == last.Number && last.HasEnded));

    /// <summary>Records a registration that is in force.</summary>
    public void Begin(MemberRegistration registration) => Note(registration, hasEnded: false);

    /// <summary>Records that the registration was replaced or removed.</summary>
    public void End(MemberRegistration registration) => Note(registration, hasEnded: true);

    private void Note(MemberRegistration registration, bool hasEnded)
    {
        if (!_seen.ContainsKey(registration.Instance))
        {
            _order.Enqueue(registration.Instance);
            if (_order.Count > Most)
            {
                _seen.Remove(_order.Dequeue());
            }
        }

        _seen[registration.Instance] = (registration.Number, hasEnded);
    }
}
