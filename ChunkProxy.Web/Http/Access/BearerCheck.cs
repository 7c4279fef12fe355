using ChunkProxy.Cache.Concurrency;
using Microsoft.Extensions.Primitives;

namespace ChunkProxy.Web.Http.Access;

/// <summary>Checks bearer tokens, and remembers those that are valid, so that a further request with one costs a look-up.</summary>
/// <remarks>Only the issuer can make valid tokens, so strangers occupy no memory here. The number of slots and the length of a token bound the rest.</remarks>
internal sealed class BearerCheck(BearerRules rules, IBearerKeySource keys, TimeProvider time)
{
    private const int LongestKept = 4 * 1024;

    private readonly DirectMapped<string, Admission> _admitted = new();

    /// <summary>Returns the verdict on the <c>Authorization</c> field of a request.</summary>
    public ValueTask<AccessVerdict> JudgeAsync(StringValues authorization, CancellationToken cancellationToken)
    {
        if (authorization is not [{ } field])
        {
            return new(authorization.Count == 0 ? AccessVerdict.NoToken : AccessVerdict.MalformedToken);
        }

        var asked = keys.CurrentAsync(known: null, cancellationToken);
        if (!asked.IsCompletedSuccessfully)
        {
            return JudgeLaterAsync(field, asked, cancellationToken);
        }

        // Keys are compared, too: a token of a key that was removed is not valid any more.
        var current = asked.Result;
        return current is not null && _admitted.Find(field) is { } known && known.Keys == current && time.GetUtcNow() - BearerRules.Tolerance < known.Until
            ? new(AccessVerdict.Admitted)
            : JudgeAsync(field, current, cancellationToken);
    }

    private async ValueTask<AccessVerdict> JudgeLaterAsync(string field, ValueTask<BearerKeys?> asked, CancellationToken cancellationToken) =>
        await JudgeAsync(field, await asked.ConfigureAwait(false), cancellationToken).ConfigureAwait(false);

    private async ValueTask<AccessVerdict> JudgeAsync(string field, BearerKeys? current, CancellationToken cancellationToken)
    {
        if (BearerScheme.TokenIn(field) is not { } token)
        {
            return AccessVerdict.NoToken;
        }

        if (current is null)
        {
            return AccessVerdict.NoTokenKeys;
        }

        var (verdict, until) = await rules.JudgeAsync(token, current, time.GetUtcNow()).ConfigureAwait(false);
        if (verdict is AccessVerdict.TokenSignedByOther && await keys.CurrentAsync(current, cancellationToken).ConfigureAwait(false) is { } newer && newer != current)
        {
            current = newer;
            (verdict, until) = await rules.JudgeAsync(token, newer, time.GetUtcNow()).ConfigureAwait(false);
        }

        if (verdict is AccessVerdict.Admitted && field.Length <= LongestKept)
        {
            _admitted.Keep(field, new(current, until));
        }

        return verdict;
    }

    private sealed record Admission(BearerKeys Keys, DateTimeOffset Until);
}
