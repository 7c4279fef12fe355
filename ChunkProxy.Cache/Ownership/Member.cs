namespace ChunkProxy.Cache.Ownership;

/// <summary>A process that owns chunks.</summary>
public sealed record Member
{
    private readonly double _weight = 1;

    /// <param name="id">The pool address that peers connect to, <c>host:port</c>, normalized.</param>
    public Member(string id)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        Id = id;
    }

    /// <summary>The member's identity and pool address. A process that restarts at the same address owns the same chunks.</summary>
    public string Id { get; }

    /// <summary>A display name such as <c>cache-1</c>; empty if it has none. Ownership depends on <see cref="Id"/> alone.</summary>
    public string Name { get; init; } = "";

    /// <summary>The display text: the name with the address, or the address alone.</summary>
    public string Label => Name.Length == 0 ? Id : $"{Name} ({Id})";

    /// <summary>
    /// The capacity relative to other members, above zero. A member's share of the chunks is its weight divided by the sum of all weights.
    /// </summary>
    public double Weight
    {
        get => _weight;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            if (!double.IsNormal(value))
            {
                throw new ArgumentOutOfRangeException(nameof(value), value, "The weight must be a finite number above zero.");
            }

            _weight = value;
        }
    }

    /// <summary>The software version; empty if unknown.</summary>
    public string Version { get; init; } = "";

    /// <summary>When the process started; null if unknown (static membership).</summary>
    public DateTimeOffset? StartedAt { get; init; }

    public MemberRole Role { get; init; }

    public override string ToString() => Label;
}
