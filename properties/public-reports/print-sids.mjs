/** Prints which sids a model gives to totalOrderPredicate. */
const seen = new Set();
export default {
  totalOrderPredicate: (newId, newZxid, newEpoch, curId, curZxid, curEpoch) => {
    const k = `${newId} against ${curId}`;
    if (!seen.has(k)) {
      seen.add(k);
      process.stderr.write(`sid ${k}\n`);
    }
    return (
      newEpoch > curEpoch ||
      (newEpoch === curEpoch && (newZxid > curZxid || (newZxid === curZxid && newId > curId)))
    );
  },
};
