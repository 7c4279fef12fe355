namespace ChunkProxy.Cache.Ownership;

/// <summary>A process that owns chunks.</summary>
public sealed record Member
{
    private readonly double _weight = 1;

    /// <param name="id">The address at which its peers reach it, <c>host:port</c>, in normal form.</param>
    public Member(string id)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        Id = id;
    }

    /// <summary>Names the member, and is its pool address: a process that comes back at the same address owns the same chunks.</summary>
    public string Id { get; }

    /// <summary>What people call it, such as <c>cache-1</c>; empty if it has no name. Ownership follows from <see cref="Id"/> alone.</summary>
    public string Name { get; init; } = "";

    /// <summary>How people see it: its name with the address beside it, or the address alone.</summary>
    public string Label => Name.Length == 0 ? Id : $"{Name} ({Id})";

    /// <summary>Its capacity relative to the others; its share of the chunks is its weight over the sum of all. Above zero.</summary>
    public double Weight
    {
        get => _weight;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            if (!double.IsNormal(value))
            {
                throw new ArgumentOutOfRangeException(nameof(value), value, "A weight is a finite number above zero.");
            }

            _weight = value;
        }
    }

    /// <summary>The version of the software that it runs; empty where unknown.</summary>
    public string Version { get; init; } = "";

    /// <summary>When its process started; null where unknown (static membership).</summary>
    public DateTimeOffset? StartedAt { get; init; }

    public MemberRole Role { get; init; }

    public override string ToString() => Label;
}
