namespace ChunkProxy.Cache.Tiers.SuperHot;

/// <summary>Result of a Redis request.</summary>
/// <param name="Outcome">How the request ended.</param>
/// <param name="Value">The reply, for <see cref="RedisOutcome.Answered"/> only.</param>
/// <param name="Problem">Error message otherwise.</param>
internal readonly record struct RedisAnswer<T>(RedisOutcome Outcome, T? Value = default, string Problem = "")
{
    /// <summary>Whether Redis holds a value of another type under the key.</summary>
    public bool IsOfWrongType => Outcome is RedisOutcome.Refused && Problem.StartsWith("WRONGTYPE", StringComparison.Ordinal);
}
