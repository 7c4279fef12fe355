using ChunkProxy.Cache.Ownership;

namespace ChunkProxy.Cache.Membership;

/// <summary>A membership in which a member can give up ownership, stay, and take ownership again. A static one does not implement it.</summary>
public interface IDrainable
{
    /// <summary>
    /// Members that own nothing at the moment but still answer, ordered by id. They are not in <see cref="IMembershipSource.Owners"/>.
    /// </summary>
    IReadOnlyList<Member> Drained { get; }

    /// <summary>Gives up this process's ownership, and informs the other members.</summary>
    /// <returns>False if the others could not be informed yet. They will be as soon as the coordination service answers.</returns>
    Task<bool> DrainAsync(CancellationToken cancellationToken);

    /// <summary>Takes ownership again, and informs the other members.</summary>
    /// <inheritdoc cref="DrainAsync"/>
    Task<bool> RejoinAsync(CancellationToken cancellationToken);
}
