namespace ChunkProxy.Cache.Membership;

/// <summary>State of the coordination service, for health checks and the status page.</summary>
/// <param name="State">Whether the service answers.</param>
/// <param name="Since">Start of this state.</param>
/// <param name="Registered">True while this process is registered as a member; false for one that owns nothing.</param>
/// <param name="Problem">What an operator should check, in a sentence; null if there is no problem.</param>
public sealed record MembershipHealth(CoordinationState State, DateTimeOffset Since, bool Registered, string? Problem);
