namespace ChunkProxy.Cache.Membership;

/// <summary>How it stands with the coordination service, for health checks and the status page.</summary>
/// <param name="State">Whether it answers.</param>
/// <param name="Since">Since when it is so.</param>
/// <param name="Registered">True while this process is known there as a member; false for one that owns nothing.</param>
/// <param name="Problem">What an operator should look at, in a sentence; null when all is well.</param>
public sealed record MembershipHealth(CoordinationState State, DateTimeOffset Since, bool Registered, string? Problem);
