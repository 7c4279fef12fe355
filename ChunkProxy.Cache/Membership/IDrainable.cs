using ChunkProxy.Cache.Ownership;

namespace ChunkProxy.Cache.Membership;

/// <summary>A membership in which a member can give up ownership, stay, and take it up again. A fixed one is not.</summary>
public interface IDrainable
{
    /// <summary>Those that own nothing at the moment and still answer, by id. They are not in <see cref="IMembershipSource.Owners"/>.</summary>
    IReadOnlyList<Member> Drained { get; }

    /// <summary>Has this process give up ownership, and tells the others.</summary>
    /// <returns>False: the others could not be told yet. They will be as soon as the coordination service answers.</returns>
    Task<bool> DrainAsync(CancellationToken cancellationToken);

    /// <summary>Has this process own chunks again, and tells the others.</summary>
    /// <inheritdoc cref="DrainAsync"/>
    Task<bool> RejoinAsync(CancellationToken cancellationToken);
}
