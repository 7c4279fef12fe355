namespace ChunkProxy.Cache.Origin;

/// <summary>The characters of a field value (RFC 9110 §5.5).</summary>
internal static class FieldValue
{
    /// <summary>Returns whether a message may contain the value: Latin-1 without control characters except tab. Kestrel throws on others.</summary>
    public static bool IsSendable(string value)
    {
        foreach (var c in value)
        {
            if (c is (< ' ' and not '\t') or '\x7F' or > '\xFF')
            {
                return false;
            }
        }

        return true;
    }
}
